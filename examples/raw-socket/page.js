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

/** The same may come twice, and after a reconnect in another order: the highest version is the truth. */
function take(session) {
  if (session.version <= (sessions.get(session.id)?.version ?? 0)) return;
  sessions.set(session.id, session);
  const live = [...sessions.values()].filter(({ status }) => status !== 'closed');
  shown = live.toSorted((one, other) => (one.invitedAt < other.invitedAt ? 1 : -1))[0] ?? session;
  show(shown);
}

socket.on('session', ({ type, session }) => {
  log('session', [type, session.reason].filter(Boolean).join(', '));
  take(session);
});

socket.on('sessions', ({ events }) => {
  log('sessions', `${events.length} live`);
  // On every connect comes all that is live. What is missing has ended while this page was away.
  sessions.clear();
  if (shown && shown.status !== 'closed') show((shown = undefined));
  for (const { session } of events) take(session);
});

socket.on('connect', () => log('connect', 'connected'));
socket.on('disconnect', (reason) => log('disconnect', reason));
socket.on('connect_error', (error) => {
  log('connect_error', error.data?.code ?? error.message);
  // When the bridge itself has refused, Socket.IO does not try again.
  if (!socket.active) setTimeout(() => socket.connect(), TRY_AGAIN_MS);
});

async function reply(kind) {
  const lost = { ok: false, error: { code: 'no answer' } };
  const told = await socket
    .timeout(ANSWER_WITHIN_MS)
    .emitWithAck(kind, { sessionId: shown.id })
    .catch(() => lost);
  log(kind, told.ok ? told.session.status : told.error.code);
  // With LivePerson, `told.publish` is for its tag: lpTag.events.publish(app, event, data).
  if (told.ok) take(told.session);
}

for (const button of document.querySelectorAll('[data-answer]')) button.addEventListener('click', () => void reply(button.dataset.answer));
