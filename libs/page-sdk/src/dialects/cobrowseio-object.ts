import { complain as say } from '../boot/contain.ts';
import type { Bridge } from '../types.ts';
import { createConsent } from './cobrowseio-consent.ts';
import { createControls } from './cobrowseio-controls.ts';
import { deviceIdOf } from './cobrowseio-device.ts';
import { emitterMethods } from './cobrowseio-emitter.ts';
import { settable } from './cobrowseio-property.ts';
import { createRateLimit } from './cobrowseio-rate.ts';
import { createPageSessions } from './cobrowseio-sessions.ts';
import { addSettings } from './cobrowseio-settings.ts';
import type { CobrowseIO } from './cobrowseio-types.ts';
import type { Dialect, DialectHost } from './dialect.ts';

/** The vendor's release whose page API this is. */
const VERSION = '3.28.6-cobridge';

/** So early in a document's life nobody has asked for a code yet. */
const EARLY_MS = 8_000;

/** Gives the page's object what the vendor's has. Returns how a bridge is attached to it, one at a time. */
export function createCobrowseIO(target: CobrowseIO, window: Window): (host: DialectHost) => Dialect {
  let attached: DialectHost | undefined;
  /** The page has called `start`. */
  let started = false;
  /** And has had a moment since, to add its listeners. */
  let speaking = false;
  let deviceId: string | undefined;

  function host(): DialectHost {
    if (!attached) throw new Error('The bridge was stopped.');
    return attached;
  }
  const emitter = emitterMethods(target, say);
  const controls = createControls(target, say);
  const sessions = createPageSessions({
    host,
    codeOf: (id) => attached?.codeOf(id),
    emit(name, session) {
      emitter.emit(name, session);
      controls.look(session);
    },
  });
  const consent = createConsent({ sessionOf: sessions.objectOf, rerender, complain: say });
  const countCreation = createRateLimit();

  function rerender(): void {
    attached?.rerender();
  }

  /** Tells page code what there is already. */
  function speak(): void {
    if (!attached || !started || speaking) return;
    speaking = true;
    const newestFirst = [...attached.bridge.sessions];
    for (let session = newestFirst.pop(); session; session = newestFirst.pop()) sessions.tell(session);
    ask();
  }

  function ask(): void {
    if (attached && speaking) attached.bridge.sessions.forEach((session) => consent.look(session));
    rerender();
  }

  function fallSilent(): void {
    speaking = false;
    controls.hide();
    sessions.forget();
    consent.forget();
  }

  async function create<Made>(make: (bridge: Bridge) => Promise<Made>): Promise<Made> {
    const { bridge } = host();
    if (!started) throw new Error('CobrowseIO has not been started. Call CobrowseIO.start() first.');
    if (sessions.current()?.isPending() === false) throw new Error('The visitor is in a session already.');
    countCreation(performance.now());
    return make(bridge);
  }

  addSettings(target, () => started);
  settable(target, 'confirmRemoteControl', async () => false);
  settable(target, 'confirmFullDevice', async () => false);
  settable(target, 'confirmSession', consent.byCard, (next) => {
    consent.own = typeof next === 'function' ? next : undefined;
    ask();
    return consent.own ?? consent.byCard;
  });
  Object.defineProperty(target, 'currentSession', { configurable: true, enumerable: true, get: sessions.current });
  const methods: Partial<CobrowseIO> = {
    ...emitter,
    version: VERSION,
    async start() {
      started = true;
      setTimeout(speak);
      return target;
    },
    async stop() {
      started = false;
      fallSilent();
      rerender();
      return target;
    },
    deviceId: () => (deviceId ??= deviceIdOf(window)),
    createSession: async () => sessions.objectOf(await create((bridge) => bridge.requestHelp())),
    async createSessionCode() {
      if (performance.now() < EARLY_MS) {
        console.warn(
          '[Cobridge] A code is made as the page opens. Make it when the visitor asks for one: each newer code ends the one before.',
        );
      }
      const code = await create((bridge) => bridge.createSessionCode());
      sessions.codeKnown(code);
      return code;
    },
    async getSession(idOrCode) {
      const session = sessions.find(idOrCode);
      if (!session) throw new Error('The visitor has no such session.');
      return session;
    },
  };
  Object.assign(target, methods);

  return (next) => {
    attached = next;
    // `client()` resolves now; a page that starts then and asks by itself must not see the card flash up.
    let settling = true;
    setTimeout(() => {
      settling = false;
      speak();
      rerender();
    });
    return {
      told(event) {
        if (!speaking) return;
        sessions.tell(event.session, event.occurredAt);
        consent.look(event.session);
      },
      claims: (session) => settling || (speaking && consent.claims(session)),
      stop() {
        fallSilent();
        attached = undefined;
      },
    };
  };
}
