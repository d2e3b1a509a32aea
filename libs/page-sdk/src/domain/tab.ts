import { plainJson } from '../transport/plain-json.ts';

const KEY = 'cobridge.tab';
const REMEMBERED = 20;

/** An answer that the visitor gave on this tab. */
export type Given = `${'accept' | 'decline'} ${string}`;

/** This browser tab: the same across reloads, another one in a duplicated tab. */
export interface Tab {
  readonly id: string;
  /** Whether the visitor answered that session here. */
  answered: (sessionId: string) => boolean;
  remember: (sessionId: string) => void;
  /** Answers that were given here and are not settled: what the bridge said, or what it had the page publish, was lost on its way. */
  owed: () => readonly Given[];
  owe: (answer: Given) => void;
  settle: (answer: Given) => void;
  /** Whether all that an answer asks of the page was done here, be it in an earlier document. */
  settled: (answer: Given) => boolean;
  /** The bridge did not take it. */
  forget: (answer: Given) => void;
  stop: () => void;
}

/**
 * The tab's memory lies in `sessionStorage` only between two documents: put there when one is left, taken out when the next starts.
 * A tab duplicated meanwhile copies a storage without it, and so becomes a page of its own. Without storage the memory ends with the document.
 */
export function openTab(window: Window): Tab {
  let memory = take(window) ?? { id: randomId(window.crypto), answers: [], owed: [], settled: [] };
  const put = () => store(window, memory);
  const back = (event: PageTransitionEvent) => {
    memory = (event.persisted && take(window)) || memory;
  };
  const drop = (list: List, entry: string) => {
    memory = { ...memory, [list]: memory[list].filter((other) => other !== entry) };
  };
  const add = (list: List, entry: string) => {
    drop(list, entry);
    memory = { ...memory, [list]: [...memory[list], entry].slice(-REMEMBERED) };
  };
  window.addEventListener('pagehide', put);
  window.addEventListener('pageshow', back);
  return {
    get id() {
      return memory.id;
    },
    answered: (sessionId) => memory.answers.includes(sessionId),
    remember: (sessionId) => add('answers', sessionId),
    owed: () => memory.owed,
    owe(answer) {
      if (!memory.settled.includes(answer)) add('owed', answer);
    },
    settle(answer) {
      drop('owed', answer);
      add('settled', answer);
    },
    settled: (answer) => memory.settled.includes(answer),
    forget: (answer) => drop('owed', answer),
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
  owed: Given[];
  settled: Given[];
}

type List = Exclude<keyof Memory, 'id'>;

function take(window: Window): Memory | undefined {
  try {
    const text = window.sessionStorage.getItem(KEY);
    window.sessionStorage.removeItem(KEY);
    const memory: Partial<Memory> | null = text === null ? null : JSON.parse(text);
    if (typeof memory?.id !== 'string' || !/^[\w-]{8,64}$/.test(memory.id)) return undefined;
    return {
      id: memory.id,
      answers: texts(memory.answers),
      owed: texts(memory.owed) as Given[],
      settled: texts(memory.settled) as Given[],
    };
  } catch {
    return undefined;
  }
}

const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : []);

function store(window: Window, memory: Memory): void {
  try {
    const text = plainJson(() => JSON.stringify(memory));
    window.sessionStorage.setItem(KEY, text);
  } catch {
    // Storage is off or full: the next document starts as a new page.
  }
}

function randomId(crypto: Crypto): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
