// A page without the SDK. <bridge>/asyncapi.json has every message. With a bundler the next line is `from 'socket.io-client'`.
import { io } from './socket.io-client.js';
import { log, show } from './view.js';

const ANSWER_WITHIN_MS = 10_000;
const TRY_AGAIN_MS = 5_000;

/** Names this tab, so that an answer whose acknowledgement was lost can be given again and is still this tab's own. */
const id = sessionStorage.getItem('tab') ?? crypto.randomUUID();
sessionStorage.setItem('tab', id);

const socket = io(`${document.documentElement.dataset.bridge}/pages`, {
  // Called on every connect, so that the token is always fresh.
  auth: (connect) => void fetchToken().then((token) => connect({ token, protocol: 1, page: { id, title: document.title } })),
});

/** Without a token the bridge refuses the page, and the page tries again. */
async function fetchToken() {
  const answer = await fetch('/page-token').catch(() => undefined);
  return answer?.ok ? answer.text() : '';
}

/** What this page knows of the visitor's sessions, by id. */
const sessions = new Map();
let shown;
show(shown);

/** The same may come twice, and after a reconnect in another order: the highest version is the truth. */
function take(session) {
  if (session.version <= (sessions.get(session.id)?.version ?? 0)) return;
  sessions.set(session.id, session);
  // The newest invitation, else the visitor's own request, else what has just ended.
  const live = [...sessions.values()].filter(({ status }) => status !== 'closed');
  shown = live.toSorted((one, other) => Date.parse(other.invitedAt ?? 0) - Date.parse(one.invitedAt ?? 0))[0] ?? session;
  show(shown);
}

/** Says something to the bridge and waits for its word on it. */
async function ask(kind, about) {
  const lost = { ok: false, error: { code: 'no answer' } };
  const answer = await socket
    .timeout(ANSWER_WITHIN_MS)
    .emitWithAck(kind, about)
    .catch(() => lost);
  log(kind, answer.ok ? 'ok' : answer.error.code);
  return answer;
}

socket.on('session', ({ type, session }) => {
  log('session', [type, session.reason].filter(Boolean).join(', '));
  take(session);
});

// On every connect, all that is live. What this page knew and is not there has ended while it was away.
socket.on('sessions', ({ events }) => {
  log('sessions', `${events.length} live`);
  for (const { session } of events) take(session);
  for (const { id: sessionId, status } of sessions.values()) {
    if (status === 'closed' || events.some(({ session }) => session.id === sessionId)) continue;
    void ask('latest', { sessionId }).then(({ ok, latest }) => ok && take(latest.session));
  }
});

socket.on('connect', () => log('connect', 'connected'));
socket.on('disconnect', (reason) => log('disconnect', reason));
socket.on('connect_error', (error) => {
  log('connect_error', error.data?.code ?? error.message);
  // When the bridge itself has refused, Socket.IO does not try again.
  if (!socket.active) setTimeout(() => socket.connect(), TRY_AGAIN_MS);
});

async function reply(kind) {
  const { ok, session } = await ask(kind, kind === 'request' ? { topic: document.title } : { sessionId: shown.id });
  // With LivePerson, `publish` of events and answers is for its tag, once per session and event: lpTag.events.publish(app, event, data).
  if (ok) take(session);
}

for (const button of document.querySelectorAll('button')) button.addEventListener('click', () => void reply(button.name));
