import { plainJson } from '../transport/plain-json.ts';

const REMEMBERED = 20;

/** An answer that the visitor gave on this tab. */
export type Given = `${'accept' | 'decline'} ${string}`;

/** Answers that a tab remembers, the newest twenty. */
export interface Remembered {
  all: () => readonly Given[];
  has: (answer: Given) => boolean;
  add: (answer: Given) => void;
  drop: (answer: Given) => void;
}

export interface SessionCode {
  sessionId: string;
  code: string;
}

/** This browser tab: the same across reloads, another one in a duplicated tab. */
export interface Tab {
  readonly id: string;
  /** Answers that the bridge took. */
  taken: Remembered;
  /** Answers of which it is not known what they came to, or of which the page's part is still to be done. */
  owed: Remembered;
  /** The code that was last made here, and the session it stands for. */
  code: SessionCode | undefined;
  stop: () => void;
}

/**
 * The tab's memory lies in `sessionStorage` only between two documents with this SDK and this `bridge`: put there when one is left, taken
 * out when the next starts. A tab duplicated while a page runs copies a storage without it, and so becomes a page of its own. Without
 * storage the memory ends with the document.
 */
export function openTab(window: Window, bridge: string): Tab {
  const key = `cobridge.tab ${bridge}`;
  let memory: Memory = take(window, key) ?? { id: randomId(window.crypto), taken: [], owed: [], code: undefined };
  const put = () => store(window, key, memory);
  const back = (event: PageTransitionEvent) => {
    memory = (event.persisted && take(window, key)) || memory;
  };
  const remembered = (list: 'taken' | 'owed'): Remembered => {
    const all = () => memory[list];
    const replace = (answer: Given, ...by: Given[]) => {
      memory = { ...memory, [list]: [...all().filter((other) => other !== answer), ...by].slice(-REMEMBERED) };
    };
    return { all, has: (answer) => all().includes(answer), add: (answer) => replace(answer, answer), drop: (answer) => replace(answer) };
  };
  window.addEventListener('pagehide', put);
  window.addEventListener('pageshow', back);
  return {
    get id() {
      return memory.id;
    },
    taken: remembered('taken'),
    owed: remembered('owed'),
    get code() {
      return memory.code;
    },
    set code(code) {
      memory = { ...memory, code };
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
  taken: readonly Given[];
  owed: readonly Given[];
  code: SessionCode | undefined;
}

function take(window: Window, key: string): Memory | undefined {
  try {
    const text = window.sessionStorage.getItem(key);
    window.sessionStorage.removeItem(key);
    const memory: Partial<Memory> | null = text === null ? null : JSON.parse(text);
    if (typeof memory?.id !== 'string' || !/^[\w-]{8,64}$/.test(memory.id)) return undefined;
    return {
      id: memory.id,
      taken: answersOf(memory.taken),
      owed: answersOf(memory.owed),
      code: /^\d{6}$/.test(memory.code?.code ?? '') ? memory.code : undefined,
    };
  } catch {
    return undefined;
  }
}

const answersOf = (list: unknown): Given[] =>
  Array.isArray(list) ? list.filter((entry) => typeof entry === 'string' && /^(accept|decline) \S/.test(entry)) : [];

function store(window: Window, key: string, memory: Memory): void {
  try {
    const text = plainJson(() => JSON.stringify(memory));
    window.sessionStorage.setItem(key, text);
  } catch {
    // Storage is off or full: the next document starts as a new page.
  }
}

function randomId(crypto: Crypto): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
