import { loadDialects } from '../dialects/load-dialects.ts';
import { BridgeError } from '../domain/bridge-error.ts';
import { isEventName, type Listeners } from '../domain/listeners.ts';
import { watchLivePersonTag } from '../domain/liveperson-tag.ts';
import { createServerClock } from '../domain/server-clock.ts';
import {
  connected,
  heardAnswer,
  heardEvent,
  heardSnapshot,
  liveSessions,
  missedEnds,
  NO_SESSIONS,
  type Heard,
} from '../domain/sessions.ts';
import { openTab } from '../domain/tab.ts';
import { type AnswerTo, type Ask, createAnswers, type RequestOf } from '../transport/answers.ts';
import { openConnection } from '../transport/connection.ts';
import type { Bridge, Envelope, SessionView } from '../types.ts';
import { type Dock, mountDock } from '../view/dock.ts';
import { ENGLISH, loadLanguage, pickLanguage } from '../view/texts.ts';
import { complain, contain } from './contain.ts';
import { describePage } from './describe-page.ts';
import { type AnswerKind, createGivenAnswers } from './given-answers.ts';
import { createHelpRequests, type HelpRequests } from './help-requests.ts';
import type { Settings } from './settings.ts';

/** What this document has told LivePerson's tag, whichever bridge it was. */
const published = new Set<string>();

export interface Page {
  answer(kind: AnswerKind, sessionId: string): Promise<SessionView>;
  readonly requests: HelpRequests;
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
  const tab = openTab(window, settings.url.origin);
  const tag = settings.dialects.includes('liveperson') ? watchLivePersonTag(window as { lpTag?: unknown }, published) : undefined;
  const { give: answer, synced } = createGivenAnswers({ ask, heard, live, tab, tag });
  const requests = createHelpRequests({ ask, heard, live, tab });
  const dialects = loadDialects(settings.dialects, {
    files: settings.files,
    host: { window, bridge, codeOf: requests.codeOf, rerender: () => render(), complain },
    missing: (name, why) => report(new BridgeError('unavailable', `The dialect '${name}' could not be loaded: ${String(why)}`)),
  });
  const dock = settings.card ? openDock() : undefined;
  const connection = openConnection({
    url: settings.url,
    getToken: settings.getToken,
    renewable: settings.renewable,
    page: () => ({ id: tab.id, ...describePage(document) }),
    trouble(error, final) {
      if (final) {
        answers.close(error);
        // Nothing more will be heard, so nothing is known any more.
        sessions = NO_SESSIONS;
        render();
      }
      report(error);
    },
  });
  const { socket } = connection;
  const answers = createAnswers({
    isOpen: () => socket.connected,
    send: (kind, request, acknowledge) => void socket.emit(kind, ...([request, acknowledge] as never)),
    drop: () => socket.io.engine.close(),
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
      requests,
      answeredHere: (sessionId) => tab.taken.has(`accept ${sessionId}`),
      reasonOf(id) {
        const known = sessions.known.get(id);
        return known?.present ? known.session.reason : undefined;
      },
      notesFile: settings.files.notes,
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

  async function ask<Kind extends Ask>(kind: Kind, request: RequestOf<Kind>) {
    const reply = await answers.ask(kind, request);
    if (!reply.ok) throw new BridgeError(reply.error.code, reply.error.message);
    return reply as Extract<AnswerTo<Kind>, { ok: true }>;
  }

  function heard(session: SessionView): SessionView {
    sessions = heardAnswer(sessions, session);
    render();
    return session;
  }

  socket.on('connect', () => {
    sessions = connected(sessions);
  });
  socket.on(
    'sessions',
    contain((snapshot: { serverNow: string; events: Envelope[] }) => {
      clock.set(snapshot.serverNow);
      take(heardSnapshot(sessions, snapshot.events));
      requests.synced();
      answers.opened();
      synced();
      for (const sessionId of missedEnds(sessions)) {
        ask('latest', { sessionId }).then(
          contain(({ latest }) => take(heardEvent(sessions, latest))),
          () => {},
        );
      }
    }),
  );
  socket.on(
    'session',
    contain((event: Envelope) => {
      take(heardEvent(sessions, event));
      synced();
    }),
  );
  socket.on('disconnect', () => answers.dropped());

  return {
    answer,
    requests,
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
