import type { CobrowseSession } from '#libs/dialects';
import type { CobrowseIOSession } from './cobrowseio-types.ts';

/** What a session's own methods set going. Each resolves when the bridge has said yes, and `show` was called with what came of it. */
interface Acts {
  code: (id: string) => string | undefined;
  activate: (id: string) => Promise<void>;
  end: (id: string) => Promise<void>;
}

export interface ShownSession {
  session: CobrowseIOSession;
  /** The same object says this from now on. */
  show(next: CobrowseSession): void;
}

/** The object that page code holds for the session's whole life. */
export function createSessionObject(first: CobrowseSession, { code, activate, end }: Acts): ShownSession {
  let now = first;
  /** The SDK forgets a code when its request is no longer open; the vendor's session does not. */
  let lastCode: string | undefined;
  const codeOf = () => (lastCode = code(now.id) ?? lastCode);
  const is = (state: CobrowseSession['state']) => () => now.state === state;
  const cannot = (what: string) =>
    new Error(`The session's ${what} cannot be changed on the page: the platform that shares the screen decides.`);
  const alive = () => {
    if (now.state === 'ended') throw new Error('The session has ended. Its object cannot be used again.');
  };
  const session: CobrowseIOSession = {
    capabilities: [],
    metrics: { last_alive: null, latency: null },
    id: () => now.id,
    code: codeOf,
    state: () => now.state,
    isPending: is('pending'),
    isAuthorizing: is('authorizing'),
    isActive: is('active'),
    isEnded: is('ended'),
    async activate() {
      alive();
      if (now.state !== 'active') await activate(now.id);
      return session;
    },
    async end() {
      if (now.state !== 'ended') await end(now.id);
      return session;
    },
    endedReason: () => now.endedReason,
    agent: () => now.agent && { ...now.agent },
    agents: () => (now.agent ? [{ ...now.agent }] : []),
    requireConsent: () => now.requireConsent,
    fullDevice: () => now.fullDevice,
    async setFullDevice(state) {
      alive();
      if (state !== 'off') throw cannot('full device');
      return session;
    },
    remoteControl: () => now.remoteControl,
    async setRemoteControl(state) {
      alive();
      if (state !== now.remoteControl) throw cannot('remote control');
      return session;
    },
    redactionSelectors: () => [],
    unredactionSelectors: () => [],
    get created() {
      return now.created;
    },
    get expires() {
      return now.expires;
    },
    get activated() {
      return now.activated;
    },
    get updated() {
      return now.updated;
    },
    get ended() {
      return now.ended;
    },
  };
  return {
    session,
    show(next) {
      now = next;
      codeOf();
    },
  };
}
