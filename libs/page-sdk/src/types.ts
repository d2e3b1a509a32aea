/**
 * Where a session is. `requested`: the visitor asked for help. `invited`: the visitor is asked. `accepted`: the visitor said yes and
 * the two sides are joining. `active`: joined. `closed`: final, `reason` says why.
 */
export type Status = 'requested' | 'invited' | 'accepted' | 'active' | 'closed';

/** What the agent may do: `shared` act, `view` see and scroll, `follow` only see. */
export type Mode = 'shared' | 'view' | 'follow';

/** Why a session closed. */
export type Reason =
  | 'declined'
  | 'cancelled'
  | 'withdrawn'
  | 'expired'
  | 'superseded'
  | 'visitor_ended'
  | 'agent_ended'
  | 'connection_lost'
  | 'conversation_closed'
  | 'mode_not_allowed'
  | 'limit_reached'
  | 'platform_closed';

/** A session as the page sees it. Times are ISO 8601 UTC with milliseconds, by the bridge's clock. */
export interface SessionView {
  id: string;
  accountId: string;
  status: Status;
  mode: Mode;
  /** Grows with every change. */
  version: number;
  source: 'liveperson' | 'platform' | 'page';
  conversationId: string | null;
  dialogId: string | null;
  serviceId: string | null;
  visitor: { id: string | null; name: string };
  agent: { id: string | null; name?: string };
  /** Only where the visitor asked for help: what for, and when. */
  topic?: string;
  requestedAt?: string;
  invitedAt: string | null;
  expiresAt: string | null;
  acceptedAt: string | null;
  activeAt: string | null;
  closedAt: string | null;
  reason: Reason | null;
}

/** What LivePerson's tag has to be told: the arguments of `lpTag.events.publish(app, event, data)`. */
export interface Publish {
  app: 'lpCoBrowse';
  event: 'cobrowseOffered' | 'cobrowseAccepted' | 'cobrowseDeclined';
  data: { serviceId: string; agentId: string; visitorName: string; mode: string; ssid: string; svid: string };
}

/** One fact about a session. `id` is the same for the same fact, however often it is told. */
export interface Envelope {
  id: string;
  type: `session.${Status}`;
  occurredAt: string;
  session: SessionView;
  /** What the SDK tells LivePerson's tag for you, unless the dialect `liveperson` is off. */
  publish?: Publish;
}

/** What can go wrong, for machines. `unavailable` also says that the bridge did not answer in time. */
export type ErrorCode =
  | 'bad_request'
  | 'token_missing'
  | 'token_invalid'
  | 'token_expired'
  | 'origin_not_allowed'
  | 'session_closed'
  | 'session_expired'
  | 'already_accepted'
  | 'already_taken'
  | 'already_in_session'
  | 'not_found'
  | 'too_many_requests'
  | 'unavailable';

/** What an `error` handler gets; `message` tells the page's author what to do. */
export interface BridgeErrorEvent {
  type: 'error';
  code: ErrorCode;
  message: string;
}

/** What the calls of a bridge reject with. */
export interface AnswerError extends Error {
  readonly code: ErrorCode;
}

/** Whose own words the page speaks, too. `fullview` and `cobrowseio` are files of their own, loaded when asked for. */
export type Dialect = 'liveperson' | 'fullview' | 'cobrowseio';

/** Everything that the visitor reads. What stands in braces is put in by the SDK. */
export interface Texts {
  title: string;
  /** Stands for an agent whose name is not known, at the start of a sentence. */
  anAgent: string;
  /** What the agent asks for, by mode, with `{agent}`. */
  askShared: string;
  askView: string;
  askFollow: string;
  stopAnyTime: string;
  accept: string;
  decline: string;
  /** The countdown, with `{time}` such as 1:45. */
  left: string;
  /** Said to screen readers near the end, with `{seconds}`. */
  secondsLeft: string;
  connecting: string;
  expired: string;
  noLongerOpen: string;
  acceptedElsewhere: string;
  failed: string;
  /** On the page that is shared; `sharing` on the visitor's other pages. */
  sharingHere: string;
  sharing: string;
  end: string;
  ended: string;
  /** While the visitor's own request is open. */
  waiting: string;
  /** Where this tab has made a code, with `{code}` such as 123 456. */
  yourCode: string;
  cancel: string;
  /** Nobody took the request. */
  noAgent: string;
}

export interface StartOptions {
  /** A page token from your server (`POST /v1/accounts/:accountId/page-tokens`). Give this or `getToken`. */
  token?: string;
  /** Fetches a page token from your server; asked at the start and whenever the bridge says that the last one has expired. */
  getToken?: () => string | Promise<string>;
  /** Address of the bridge. Default: where this script was loaded from; the npm package needs it. */
  url?: string;
  /** `card` (default) shows the offer and the sharing note; `none` leaves both to you. */
  ui?: 'card' | 'none';
  /** Default: `['liveperson']`. One that cannot be loaded is told as `unavailable`. */
  dialects?: readonly Dialect[];
  /** Language of the card, as in `lang`: de, en, es, fr, he, pt. Default: the document's, then the browser's, then English. */
  locale?: string;
  /** Your own words for some or all of the card's texts, in whatever language. */
  texts?: Partial<Texts>;
  /** For the style element of browsers without constructed style sheets. Default: the nonce of this script's element. */
  nonce?: string;
}

/** What each event hands to its handlers. */
export interface BridgeEvents {
  requested: Envelope;
  invited: Envelope;
  accepted: Envelope;
  active: Envelope;
  closed: Envelope;
  error: BridgeErrorEvent;
}

export interface Bridge {
  /** Calls `handler` for each such event from now on. Returns a function that ends that. */
  on<Name extends keyof BridgeEvents>(event: Name, handler: (event: BridgeEvents[Name]) => void): () => void;
  /** Says yes for the visitor. Rejects with an `AnswerError`. */
  accept(sessionId: string): Promise<SessionView>;
  /** Says no for the visitor. Rejects with an `AnswerError`. */
  decline(sessionId: string): Promise<SessionView>;
  /** Ends an accepted or active session. Rejects with an `AnswerError`. */
  end(sessionId: string): Promise<SessionView>;
  /**
   * Asks for help: agents see it with its `topic` (1 to 255 characters). A visitor has one open request: asked again, it is the same one.
   * Rejects with an `AnswerError`, `already_in_session` when the visitor is asked or shares already.
   */
  requestHelp(options?: { topic?: string }): Promise<SessionView>;
  /** Takes back the visitor's open request, if there is one. Rejects with an `AnswerError`, `already_taken` when an agent was faster. */
  cancelRequest(): Promise<void>;
  /**
   * Asks for help by six digits that the visitor tells an agent. It takes the place of an older request, and is told this once: this tab
   * remembers it while the request is open. Rejects with an `AnswerError`.
   */
  createSessionCode(options?: { topic?: string }): Promise<string>;
  /** Live sessions of this visitor, newest first. */
  readonly sessions: readonly SessionView[];
  /** Disconnects, takes the card away and forgets all handlers. */
  stop(): void;
}

/** Connects the page to the bridge. Never throws: what is wrong with the options is told to `error` handlers and the console. */
export type Start = (options: StartOptions) => Bridge;
