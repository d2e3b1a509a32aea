import type { CobrowseIO, CobrowseIOEmitter } from './cobrowseio-types.ts';

type Name = string | symbol;
type Listener = Parameters<CobrowseIOEmitter['on']>[1];

/** What makes the vendor's object an event emitter, to be put on `target`. What a listener throws goes to `failed`, and no further. */
export function emitterMethods(target: CobrowseIO, failed: (error: unknown) => void): Pick<CobrowseIO, keyof CobrowseIOEmitter> {
  const entries = new Map<Name, { listener: Listener; once?: boolean }[]>();
  const of = (name: Name) => entries.get(name) ?? [];
  const set = (name: Name, next: ReturnType<typeof of>): CobrowseIO => {
    if (next.length > 0) entries.set(name, next);
    else entries.delete(name);
    return target;
  };
  const on = (name: Name, listener: Listener) => set(name, [...of(name), { listener }]);
  const off = (name: Name, listener: Listener) => {
    const last = of(name)
      .map((entry) => entry.listener)
      .lastIndexOf(listener);
    return set(
      name,
      of(name).filter((_, index) => index !== last),
    );
  };
  const listeners = (name: Name) => of(name).map(({ listener }) => listener);
  return {
    on,
    addListener: on,
    prependListener: (name, listener) => set(name, [{ listener }, ...of(name)]),
    once: (name, listener) => set(name, [...of(name), { listener, once: true }]),
    prependOnceListener: (name, listener) => set(name, [{ listener, once: true }, ...of(name)]),
    off,
    removeListener: off,
    removeAllListeners(name) {
      if (name !== undefined) return set(name, []);
      entries.clear();
      return target;
    },
    emit(name, ...args) {
      const called = of(name);
      for (const entry of called) {
        if (entry.once) {
          const others = of(name).filter((other) => other !== entry);
          // A listener before it has emitted the same, and it has run.
          if (others.length === of(name).length) continue;
          set(name, others);
        }
        try {
          entry.listener.apply(target, args);
        } catch (error) {
          failed(error);
        }
      }
      return called.length > 0;
    },
    listeners,
    rawListeners: listeners,
    listenerCount: (name) => of(name).length,
    eventNames: () => [...entries.keys()],
    setMaxListeners: () => target,
    getMaxListeners: () => 0,
  };
}
