/**
 * Everything about the emulator that a test may turn, at any time. Changes hold from the next frame, request or connection on.
 *
 * [known] is written in LivePerson's documents or seen in LivePerson's own code, [guess] is nowhere public: there the knob is the
 * honest answer, and the default is only the likelier or the harder of the two.
 *
 * Doors
 * - `refuse`: what every new socket meets. Below 1000 an HTTP status instead of the upgrade (401, 429, 503); from 1000 on a close
 *   code right after opening (4401 token expired, 4407 identity must be extended, 1011 trouble with authentication) [known codes].
 * - `badBearer`, `badConsumerToken`: the same notation, for an agent's or a consumer's token that is wrong or has ended. 4401 for
 *   consumers is [known]; 401 at the agent's upgrade is a [guess].
 * - `expiredSocket`: close code for an open socket whose token ends; 0 leaves it open. 4401 [guess for agents].
 * - `initWithinMs`: a consumer socket without `InitConnection` is closed after this; "a few seconds" is [known], 10 s is a [guess].
 * - `csdsStatus`, `loginStatus`, `refreshStatus`, `signupStatus`: an HTTP status instead of the answer; login 451 is a blocked
 *   account [known]. `retryAfterSeconds` adds that header to such refusals [guess]. `httpDelayMs` delays each of these answers.
 * - `bearerSeconds`: how long a bearer lives after login or refresh [guess: 1 hour; node-agent-sdk refreshes every 10 minutes].
 *
 * Requests on a socket
 * - `silent`: sockets stay open and say nothing: no answer, no notification, no pong. What comes meanwhile is lost, as with a dead line;
 *   only the WebSocket's own close is still answered.
 * - `requestStatus`, `requestStatusFor`: this code instead of an answer (429 with too many at once [known]), to every request or to
 *   those whose type ends so. `answerDelayMs` delays answers.
 * - `oneOpenInvitation`: a second COBROWSE dialog is refused on the wire while one is open [known from practice; the code 400 is a guess].
 * - `bareFieldPropagates`: whether a `conversationField` that is no array is told to subscribers; some versions do not [known from practice].
 * - `consumerMayCloseCobrowse`: [guess: no].
 * - `survey`: closing MAIN opens a POST_SURVEY dialog, so that `state: CLOSE` stands with `stage: OPEN` [known].
 *
 * Subscriptions
 * - `replayOnSubscribe`: all matching conversations follow the answer [known]. Off: an empty list.
 * - `conversationCap`: how many of them an agent gets [known: 1000].
 * - `onLeave`: what tells that a conversation no longer matches: 'delete', 'upsert' or 'both' (first the one, then the other)
 *   [known: DELETE exists; which of them comes is a guess]. `deleteWithoutDetails` leaves out `conversationDetails` there [guess: sent].
 * - `notificationDelayMs`, `duplicate` (this many more copies, of webhooks too), `reorder` (holds so many live notifications and
 *   sends them the other way round; what is held goes after `reorderHoldMs` at the latest). Duplicates and disorder are [known].
 * - `sentTs`: whether `body.sentTs` is there [known for consumers, guess for agents].
 * - `typePrefix`: `null` is each door's own; else the text before `ExConversationChangeNotification` ('cqm.', 'aam.', '.ams.aam.') [known forms].
 * - `lastContentEvent`: `lastContentEventNotification` is there; it is missing at random in reality [known].
 *
 * Shapes
 * - `bareElements`: lists of one arrive as that one [known as allowed].
 * - `conversationParticipants`: 'own' is A (list of id and role) for consumers and webhooks, B and C (maps) for agents; or 'A', 'B',
 *   'C', 'BC', 'none'. `dialogParticipants`: 'D' (`participantsDetails`) or 'none'. `cobrowseParticipants`: E with '.' or ':' in the
 *   agent's id, or 'none'. `cobrowseParticipantsDetails`: COBROWSE dialogs carry D, too; LivePerson's samples do not, and without it
 *   node-agent-sdk 1.2.0 throws a TransformError [known]. `dialogs`: false leaves the list out, as the oldest samples do [known].
 * - `sparseClosed`: a CLOSED COBROWSE dialog is only its id, its types and `metaData: {sessionState}` [known sample].
 * - `metaData`: 'merge' or 'replace' what is there on an update [guess: replace].
 * - `javaDoubles`: `expires` as `1.76371212044E9` [known].
 * - `unknownFields`: fields and enum values that nobody knows are mixed in [known as allowed].
 * - `agentClockSkewMs`: how far the agent's machine, which writes `expires` and `creationTs`, is ahead of the server [known cause].
 *
 * Damage, before or on every live notification
 * - `malformedFrames`: a frame of broken JSON goes first. `unknownTypes`: a notification of an unknown type goes first.
 * - `oversizeBytes`: the frame is longer than this, by a field of padding. No limit is published.
 *
 * Webhooks
 * - `webhookTimeScale`: factor on the pauses between tries and on the retention, above 0 (1 is LivePerson's own pace).
 * - `webhookTimeoutMs`: patience with an endpoint [known: 5 s to connect and 5 s to read; here one limit for both].
 * - `drainOvertakes`: while a backlog drains, later events overtake earlier ones [known to happen; here: pairwise].
 *
 * Guessed without a knob
 * - The bodies of error answers on sockets, the texts of successful updates, InitConnection's answer, and 404 for what is not yours.
 * - An update stamps `metaDataLastUpdateTs` with an instant that this conversation never had before; on CREATE the agent's own stays.
 * - Closing a conversation closes its COBROWSE dialogs and leaves their metaData alone. Closing MAIN closes the rest, without a survey.
 * - An agent's messages' notifications come for every conversation of its subscriptions. One account's webhooks do not wait for
 *   each other, although one app's do in reality; a slow endpoint is never switched off.
 * - A login's cookie is called LPSession-<account>; a refresh leaves the bearer as it is and prolongs it.
 * - Nothing of routing, agents' states and users' profiles but an answer that keeps a client going.
 */
export class Knobs {
  refuse: number | null = null;
  badBearer = 401;
  badConsumerToken = 4401;
  expiredSocket = 4401;
  initWithinMs = 10_000;
  csdsStatus: number | null = null;
  loginStatus: number | null = null;
  refreshStatus: number | null = null;
  signupStatus: number | null = null;
  retryAfterSeconds: number | null = null;
  httpDelayMs = 0;
  bearerSeconds = 3600;

  silent = false;
  requestStatus: number | null = null;
  requestStatusFor: string | null = null;
  answerDelayMs = 0;
  oneOpenInvitation = true;
  bareFieldPropagates = true;
  consumerMayCloseCobrowse = false;
  survey = false;

  replayOnSubscribe = true;
  conversationCap = 1000;
  onLeave: 'delete' | 'upsert' | 'both' = 'delete';
  deleteWithoutDetails = false;
  notificationDelayMs = 0;
  duplicate = 0;
  reorder = 0;
  reorderHoldMs = 100;
  sentTs = true;
  typePrefix: string | null = null;
  lastContentEvent = true;

  bareElements = false;
  conversationParticipants: 'own' | 'A' | 'B' | 'C' | 'BC' | 'none' = 'own';
  dialogParticipants: 'D' | 'none' = 'D';
  cobrowseParticipants: '.' | ':' | 'none' = '.';
  cobrowseParticipantsDetails = false;
  dialogs = true;
  sparseClosed = false;
  metaData: 'merge' | 'replace' = 'replace';
  javaDoubles = true;
  unknownFields = false;
  agentClockSkewMs = 0;

  malformedFrames = false;
  unknownTypes = false;
  oversizeBytes = 0;

  webhookTimeScale = 1;
  webhookTimeoutMs = 5000;
  drainOvertakes = false;

  /** All knobs back to where they were at the start. */
  reset(): void {
    Object.assign(this, new Knobs());
  }

  /** Sets knobs from outside. Throws a `TypeError` for a name that is none, or a value of another kind. */
  set(values: Record<string, unknown>): void {
    const standard = new Knobs() as unknown as Record<string, unknown>;
    for (const [name, value] of Object.entries(values)) {
      if (!Object.hasOwn(standard, name)) throw new TypeError(`There is no knob "${name}".`);
      const allowed = ALLOWED[name];
      const fits =
        allowed !== undefined
          ? allowed.includes(value)
          : standard[name] === null
            ? value === null || typeof value === (TEXTS.has(name) ? 'string' : 'number')
            : typeof value === typeof standard[name];
      if (!fits) throw new TypeError(`The knob "${name}" does not go to ${JSON.stringify(value)}.`);
    }
    Object.assign(this, values);
  }
}

const TEXTS = new Set(['typePrefix', 'requestStatusFor']);

const ALLOWED: Readonly<Record<string, readonly unknown[]>> = {
  onLeave: ['delete', 'upsert', 'both'],
  conversationParticipants: ['own', 'A', 'B', 'C', 'BC', 'none'],
  dialogParticipants: ['D', 'none'],
  cobrowseParticipants: ['.', ':', 'none'],
  metaData: ['merge', 'replace'],
};
