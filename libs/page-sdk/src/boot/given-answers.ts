import type { BridgeError } from '../domain/bridge-error.ts';
import type { LivePersonTag } from '../domain/liveperson-tag.ts';
import type { Given, Tab } from '../domain/tab.ts';
import type { Publish, SessionView } from '../types.ts';

export type AnswerKind = 'accept' | 'decline' | 'end';

interface Surroundings {
  ask: (kind: AnswerKind, request: { sessionId: string }) => Promise<{ session: SessionView; publish?: Publish }>;
  heard: (session: SessionView) => SessionView;
  live: () => readonly SessionView[];
  tab: Tab;
  tag: LivePersonTag | undefined;
}

export interface GivenAnswers {
  give: (kind: AnswerKind, sessionId: string) => Promise<SessionView>;
  /** Something was heard of the visitor's sessions: answers that were taken, but lost on the way back, are asked again for what they won. */
  synced: () => void;
}

/** Carries the visitor's answers, and publishes what one has won once in this tab, however many documents and attempts it took. */
export function createGivenAnswers({ ask, heard, live, tab: { owed, taken }, tag }: Surroundings): GivenAnswers {
  /** What the tag was handed in this document, be it there already or not. */
  const handed = new Set<Given>();

  async function give(kind: AnswerKind, sessionId: string): Promise<SessionView> {
    if (kind === 'end') return heard((await ask(kind, { sessionId })).session);
    const given: Given = `${kind} ${sessionId}`;
    if (!taken.has(given)) owed.add(given);
    const { session, publish } = await ask(kind, { sessionId }).catch((error: BridgeError) => {
      // What it came to is known only where the bridge has spoken of the session.
      if (/^(session|already)_/.test(error.code)) owed.drop(given);
      throw error;
    });
    taken.add(given);
    heard(session);
    settle(given, session, publish);
    return session;
  }

  function settle(given: Given, { id }: SessionView, publish: Publish | undefined): void {
    if (handed.has(given) || !owed.has(given)) return;
    if (!publish || !tag) return owed.drop(given);
    handed.add(given);
    const wanted = () => given.startsWith('decline') || live().some((session) => session.id === id);
    tag.publish(id, publish, wanted, () => owed.drop(given));
  }

  return {
    give,
    synced() {
      for (const given of owed.all()) {
        const [kind, sessionId] = given.split(' ') as ['accept' | 'decline', string];
        const status = live().find(({ id }) => id === sessionId)?.status;
        const tookIt = status === (kind === 'accept' ? 'accepted' : undefined);
        if (tookIt && !handed.has(given)) give(kind, sessionId).catch(() => {});
      }
    },
  };
}
