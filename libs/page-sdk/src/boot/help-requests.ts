import { BridgeError } from '../domain/bridge-error.ts';
import type { Tab } from '../domain/tab.ts';
import type { AnswerTo, Ask, RequestOf } from '../transport/answers.ts';
import type { SessionView } from '../types.ts';

/** What the visitor asks for, and takes back. */
export interface HelpRequests {
  request(topic?: string): Promise<SessionView>;
  createCode(topic?: string): Promise<string>;
  /** Takes back what is open; one that was over meanwhile needs no taking back. */
  cancel(): Promise<void>;
  codeOf: (sessionId: string) => string | undefined;
  /** The bridge has said what is open. A code of what is not is forgotten. */
  synced(): void;
}

interface Surroundings {
  ask: <Kind extends Ask>(kind: Kind, request: RequestOf<Kind>) => Promise<Extract<AnswerTo<Kind>, { ok: true }>>;
  /** Takes what an answer said of a session. */
  heard: (session: SessionView) => SessionView;
  live: () => SessionView[];
  tab: Tab;
}

const OVER: readonly unknown[] = ['session_closed', 'session_expired', 'not_found'];

export function createHelpRequests({ ask, heard, live, tab }: Surroundings): HelpRequests {
  let known = false;
  let asking: Promise<unknown> = Promise.resolve();
  const open = () => live().find(({ status }) => status === 'requested');
  const begun = <T>(work: Promise<T>): Promise<T> => {
    asking = work.catch(() => {});
    return work;
  };
  return {
    request: (topic) => begun(ask('request', { topic }).then(({ session }) => heard(session))),
    createCode: (topic) =>
      begun(
        ask('createCode', { topic }).then(({ session, code }) => {
          tab.code = { sessionId: session.id, code };
          heard(session);
          return code;
        }),
      ),
    async cancel() {
      await asking;
      const session = open();
      if (!known) throw new BridgeError('unavailable', 'The bridge has not been reached yet.');
      if (!session) return;
      try {
        heard((await ask('withdraw', { sessionId: session.id })).session);
      } catch (error) {
        if (!OVER.includes((error as BridgeError).code)) throw error;
      }
    },
    codeOf: (sessionId) => (tab.code?.sessionId === sessionId && open()?.id === sessionId ? tab.code.code : undefined),
    synced() {
      known = true;
      if (tab.code && !live().some(({ id, status }) => id === tab.code?.sessionId && status === 'requested')) tab.code = undefined;
    },
  };
}
