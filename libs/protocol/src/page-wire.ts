import type { ProblemCode } from './problem.ts';
import type { Envelope, Publish, SessionView } from './envelope.ts';

/** The page socket's version. A page that speaks another is refused. */
export const PAGE_PROTOCOL = 1;

/** What a page says when it connects, as Socket.IO's `auth`. */
export interface PageHandshake {
  token: string;
  protocol: typeof PAGE_PROTOCOL;
  /** `id` names the tab across reconnects, so that an answer whose acknowledgement was lost can be repeated. */
  page?: { id?: string; url?: string; title?: string; visible?: boolean };
}

/** Codes of a refused answer, a subset of the problem codes. */
export const ANSWER_CODES = [
  'session_closed',
  'session_expired',
  'already_accepted',
  'already_taken',
  'already_in_session',
  'not_found',
  'bad_request',
  'too_many_requests',
  'unavailable',
] as const satisfies readonly ProblemCode[];
export type AnswerCode = (typeof ANSWER_CODES)[number];

/** Codes of `connect_error`, in its `data.code`. */
export const CONNECT_CODES = [
  'token_missing',
  'token_invalid',
  'token_expired',
  'origin_not_allowed',
  'bad_request',
  'unavailable',
] as const satisfies readonly ProblemCode[];
export type ConnectCode = (typeof CONNECT_CODES)[number];

export interface Refused {
  ok: false;
  error: { code: AnswerCode; message: string };
}

/** The acknowledgement of everything a page asks for, except `createCode` and `latest`. */
export type Answer = { ok: true; session: SessionView; publish?: Publish } | Refused;

/** The acknowledgement of `createCode`. `code` is told this once and nowhere else. */
export type CodeAnswer = { ok: true; session: SessionView; code: string } | Refused;

/** The acknowledgement of `latest`. */
export type LatestAnswer = { ok: true; latest: Envelope } | Refused;

export interface ToPage {
  /** On every (re)connect: the visitor's live sessions, and the clock that their times are to be read by. */
  sessions(snapshot: { serverNow: string; events: Envelope[] }): void;
  session(event: Envelope): void;
}

type Ask<Request = { sessionId: string }, Acknowledgement = Answer> = (
  request: Request,
  acknowledge: (answer: Acknowledgement) => void,
) => void;

export interface FromPage {
  accept: Ask;
  decline: Ask;
  end: Ask;
  /** Asks for help. A visitor has one open request: asked again, it is the same one. */
  request: Ask<{ topic?: string }>;
  /** Takes the visitor's own request back. */
  withdraw: Ask;
  /** Asks for help by a code that the visitor tells an agent. A newer code takes the place of an older request. */
  createCode: Ask<{ topic?: string }, CodeAnswer>;
  /** What happened last to a session of the visitor's, live or closed: for a page that was away when it ended. */
  latest: Ask<{ sessionId: string }, LatestAnswer>;
}
