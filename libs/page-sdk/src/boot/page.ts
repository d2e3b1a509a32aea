import { loadDialects } from '../dialects/load-dialects.ts';
import { BridgeError } from '../domain/bridge-error.ts';
import { isEventName, type Listeners } from '../domain/listeners.ts';
import { watchLivePersonTag } from '../domain/liveperson-tag.ts';
import { createServerClock } from '../domain/server-clock.ts';
import { connected, heardAnswer, heardEvent, heardSnapshot, liveSessions, NO_SESSIONS, type Heard } from '../domain/sessions.ts';
import { type Given, openTab } from '../domain/tab.ts';
import { createAnswers, type AnswerKind } from '../transport/answers.ts';
import { openConnection } from '../transport/connection.ts';
import type { Bridge, Envelope, Publish, SessionView } from '../types.ts';
import { type Dock, mountDock } from '../view/dock.ts';
import { ENGLISH, loadLanguage, pickLanguage } from '../view/texts.ts';
import { complain, contain } from './contain.ts';
import { describePage } from './describe-page.ts';
import type { Settings } from './settings.ts';

/** What this document has told LivePerson's tag, whichever bridge it was. */
const published = new Set<string>();

export interface Page {
  answer(kind: AnswerKind, sessionId: string): Promise<SessionView>;
  sessions(): SessionView[];
  /** Questions still open are rejected with `why`. */
  stop(why: BridgeError): void;
}

interface Surroundings {
  /** What the page's author sees. */
  bridge: Bridge;
  report: (error: BridgeError) => void;
  tell: Listeners['tell'];
}

/** Starts every part and hands each what it needs: the whole SDK at a glance. */
export function openPage(settings: Settings, { bridge, report, tell }: Surroundings): Page {
  let sessions = NO_SESSIONS;
  const live = () => liveSessions(sessions);
  const clock = createServerClock(
    () => performance.now(),
    Date.now,
    () => connection.renew(),
  );
  const tab = openTab(window);
  const handed = new Set<Given>();
  const tag = settings.dialects.includes('liveperson') ? watchLivePersonTag(window as { lpTag?: unknown }, published) : undefined;
  const dialects = loadDialects(settings.dialects, {
    files: settings.files,
    host: { window, bridge, codeOf: () => undefined, rerender: () => render(), complain },
    missing: (name, why) => report(new BridgeError('unavailable', `The dialect '${name}' could not be loaded: ${String(why)}`)),
  });
  const dock = settings.card ? openDock() : undefined;
  const connection = openConnection({
    url: settings.url,
    getToken: settings.getToken,
    renewable: settings.renewable,
    page: () => ({ id: tab.id, ...describePage(document) }),
    trouble(error, final) {
      if (final) answers.close(error);
      report(error);
    },
  });
  const { socket } = connection;
  const answers = createAnswers({
    isOpen: () => socket.connected,
    send: (kind, request, acknowledge) => void socket.emit(kind, request, acknowledge),
  });

  function openDock(): Dock {
    let language = ENGLISH;
    const loaded = loadLanguage(pickLanguage(settings.locale, document, navigator), settings.files).then((one) => {
      language = one;
    });
    return mountDock({
      language: () => ({ ...language, texts: { ...language.texts, ...settings.texts } }),
      ready: Promise.all([loaded, dialects.ready]),
      clock,
      answer,
      answeredHere: (sessionId) => tab.taken.has(`accept ${sessionId}`),
      nonce: settings.nonce,
    });
  }

  function render(): void {
    dock?.render(live().filter((session) => session.status !== 'invited' || !dialects.claims(session)));
  }

  function take({ sessions: next, news }: Heard): void {
    const { known } = sessions;
    sessions = next;
    for (const event of news) {
      const { session, publish } = event;
      dialects.told(event, known.get(session.id)?.told);
      if (publish) tag?.publish(session.id, publish, () => live().some(({ id, status }) => id === session.id && status === 'invited'));
    }
    render();
    for (const event of news) {
      const name = event.type.slice('session.'.length);
      if (isEventName(name) && name !== 'error') tell(name, event);
    }
  }

  async function answer(kind: AnswerKind, sessionId: string): Promise<SessionView> {
    const given = kind === 'end' ? undefined : (`${kind} ${sessionId}` as const);
    if (given && !tab.taken.has(given)) tab.owed.add(given);
    const reply = await answers.ask(kind, sessionId);
    if (!reply.ok) {
      if (given) tab.owed.drop(given);
      throw new BridgeError(reply.error.code, reply.error.message);
    }
    sessions = heardAnswer(sessions, reply.session);
    if (given) settle(given, sessionId, reply.publish);
    render();
    return reply.session;
  }

  /** The bridge took an answer. Publishes what it has won, once in this tab, however many documents it took. */
  function settle(given: Given, sessionId: string, publish: Publish | undefined): void {
    tab.taken.add(given);
    if (handed.has(given) || !tab.owed.has(given)) return;
    if (!publish || !tag) return tab.owed.drop(given);
    handed.add(given);
    const wanted = () => given.startsWith('decline') || live().some(({ id }) => id === sessionId);
    tag.publish(sessionId, publish, wanted, () => tab.owed.drop(given));
  }

  /** Answers that came to something, which a reload or a lost connection kept from this tab, are asked again for what they came to. */
  function askAgain(): void {
    for (const given of tab.owed.all()) {
      const [kind, sessionId] = given.split(' ') as ['accept' | 'decline', string];
      const status = live().find(({ id }) => id === sessionId)?.status;
      if (!handed.has(given) && status === (kind === 'accept' ? 'accepted' : undefined)) void answer(kind, sessionId).catch(() => {});
    }
  }

  socket.on('connect', () => {
    sessions = connected(sessions);
  });
  socket.on(
    'sessions',
    contain((snapshot: { serverNow: string; events: Envelope[] }) => {
      clock.set(snapshot.serverNow);
      take(heardSnapshot(sessions, snapshot.events));
      answers.opened();
      askAgain();
    }),
  );
  socket.on(
    'session',
    contain((event: Envelope) => {
      take(heardEvent(sessions, event));
      askAgain();
    }),
  );
  socket.on('disconnect', () => answers.dropped());

  return {
    answer,
    sessions: live,
    stop(why) {
      connection.stop();
      answers.close(why);
      dialects.stop();
      tag?.stop();
      dock?.remove();
      tab.stop();
    },
  };
}
