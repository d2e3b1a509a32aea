import type { BridgeEvents } from '../types.ts';

type Name = keyof BridgeEvents;
type Handler<N extends Name> = (event: BridgeEvents[N]) => void;

export interface Listeners {
  /** Returns the way out. The same function may be added several times. */
  add: <N extends Name>(name: N, handler: Handler<N>) => () => void;
  /** Calls every handler, each on its own: what one throws goes to `failed`. Returns how many there were. */
  tell: <N extends Name>(name: N, event: BridgeEvents[N]) => number;
  clear: () => void;
}

const NAMES: readonly string[] = ['requested', 'invited', 'accepted', 'active', 'closed', 'error'] satisfies Name[];

export const isEventName = (name: string): name is Name => NAMES.includes(name);

export function createListeners(failed: (error: unknown) => void): Listeners {
  const entries = new Set<{ name: Name; handler: (event: never) => void }>();
  return {
    add(name, handler) {
      const entry = { name, handler };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    tell(name, event) {
      const called = [...entries].filter((entry) => entry.name === name);
      for (const { handler } of called) {
        try {
          handler(event as never);
        } catch (error) {
          failed(error);
        }
      }
      return called.length;
    },
    clear: () => entries.clear(),
  };
}
