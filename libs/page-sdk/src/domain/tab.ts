const KEY = 'cobridge.tab';
const REMEMBERED_ANSWERS = 20;

export interface SessionCode {
  sessionId: string;
  code: string;
}

/** This browser tab: the same across reloads, another one in a duplicated tab. */
export interface Tab {
  readonly id: string;
  /** Whether the visitor answered that session here. */
  answered: (sessionId: string) => boolean;
  remember: (sessionId: string) => void;
  /** The code that was last made here, and the session it stands for. */
  code: SessionCode | undefined;
  stop: () => void;
}

/**
 * The tab's memory lies in `sessionStorage` only between two documents: put there when one is left, taken out when the next starts.
 * A tab duplicated meanwhile copies a storage without it, and so becomes a page of its own. Without storage the memory ends with the document.
 */
export function openTab(window: Window): Tab {
  let { id, answers, code }: Memory = take(window) ?? { id: randomId(window.crypto), answers: [], code: undefined };
  const put = () => store(window, { id, answers, code });
  const back = (event: PageTransitionEvent) => {
    const kept = event.persisted ? take(window) : undefined;
    if (kept) ({ id, answers, code } = kept);
  };
  window.addEventListener('pagehide', put);
  window.addEventListener('pageshow', back);
  return {
    get id() {
      return id;
    },
    answered: (sessionId) => answers.includes(sessionId),
    remember(sessionId) {
      answers = [...answers.filter((other) => other !== sessionId), sessionId].slice(-REMEMBERED_ANSWERS);
    },
    get code() {
      return code;
    },
    set code(made) {
      code = made;
    },
    stop() {
      window.removeEventListener('pagehide', put);
      window.removeEventListener('pageshow', back);
      put();
    },
  };
}

interface Memory {
  id: string;
  answers: string[];
  code: SessionCode | undefined;
}

function take(window: Window): Memory | undefined {
  try {
    const text = window.sessionStorage.getItem(KEY);
    window.sessionStorage.removeItem(KEY);
    const memory: Partial<Memory> | null = text === null ? null : JSON.parse(text);
    if (typeof memory?.id !== 'string' || !/^[\w-]{8,64}$/.test(memory.id)) return undefined;
    return {
      id: memory.id,
      answers: Array.isArray(memory.answers) ? memory.answers.filter((answer) => typeof answer === 'string') : [],
      code: /^\d{6}$/.test(memory.code?.code ?? '') ? memory.code : undefined,
    };
  } catch {
    return undefined;
  }
}

function store(window: Window, memory: Memory): void {
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(memory));
  } catch {
    // Storage is off or full: the next document starts as a new page.
  }
}

function randomId(crypto: Crypto): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
