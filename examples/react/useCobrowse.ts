import { type AnswerError, type Bridge, type SessionView, type StartOptions, start } from '@cobridge/page-sdk';
import { useEffect, useRef, useState } from 'react';

export interface Cobrowse {
  /** The newest live session, or the one that has closed last. */
  session: SessionView | null;
  /** Why the visitor's last answer did not count. Gone with the next event. */
  trouble: string | null;
  accept(): void;
  decline(): void;
  end(): void;
}

/** This visitor's cobrowsing, for a component that draws it. Use it once, near the root; `options` are read when it is mounted. */
export function useCobrowse(options: Omit<StartOptions, 'ui'>): Cobrowse {
  const first = useRef(options);
  const bridge = useRef<Bridge | null>(null);
  const [session, setSession] = useState<SessionView | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    const started = start({ ...first.current, ui: 'none' });
    bridge.current = started;
    for (const name of ['invited', 'accepted', 'active', 'closed'] as const) {
      started.on(name, (event) => {
        setTrouble(null);
        setSession(started.sessions[0] ?? event.session);
      });
    }
    // For you, not for the visitor: the SDK goes on trying by itself.
    started.on('error', ({ code, message }) => console.warn(code, message));
    return () => started.stop();
  }, []);

  const answer = (kind: 'accept' | 'decline' | 'end') => (): void => {
    if (session === null) return;
    // What becomes of the session is told by an event, here as in every other tab.
    bridge.current?.[kind](session.id).catch(({ message }: AnswerError) => setTrouble(message));
  };
  return { session, trouble, accept: answer('accept'), decline: answer('decline'), end: answer('end') };
}
