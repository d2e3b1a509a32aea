import type { Reason } from './reason.ts';

/**
 * Where a session is. It may start at `requested` or `invited`, may skip forward, never goes back.
 *
 * - `requested`: the visitor asked for help; no agent yet. Left when an agent takes or refuses it, by withdrawing, by a newer request
 *   with a code, or by the clock at `expiresAt`.
 * - `invited`: the visitor is asked. Entered by a platform's invitation; left by an answer, by the agent's cancel, or by the
 *   clock at `expiresAt`.
 * - `accepted`: the visitor said yes and the two sides are joining. Left when they have joined, when either ends it, or by the
 *   clock after the join time-out.
 * - `active`: joined. Left when either side ends it or by the clock at the session limit.
 * - `closed`: final. `reason` says why.
 */
export const STATUSES = ['requested', 'invited', 'accepted', 'active', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

/** What the agent may do: `shared` act, `view` see and scroll, `follow` only see. */
export const MODES = ['shared', 'view', 'follow'] as const;
export type Mode = (typeof MODES)[number];

/** Who opened the session: a messaging platform, or the visitor on a page. */
export const SOURCES = ['liveperson', 'platform', 'page'] as const;
export type Source = (typeof SOURCES)[number];

/** Milliseconds since the epoch, by the store's clock unless a name says otherwise. */
export type Instant = number;

/** Ids of the page's monitoring session on the platform's side, when the platform tells them (LivePerson: ssid and svid). */
export interface Monitoring {
  sessionId: string | null;
  visitorId: string | null;
}

/** One cobrowse from the first invitation or request until it is closed: one record, one lifecycle. */
export interface Session {
  id: string;
  accountId: string;
  status: Status;
  mode: Mode;
  /** Grows by one with every change; the receiver keeps the newest. */
  version: number;
  source: Source;
  conversationId: string | null;
  dialogId: string | null;
  serviceId: string | null;
  visitor: { id: string | null; name: string };
  agent: { id: string | null; name: string | null };
  monitoring: Monitoring;
  /** What the visitor who asked wants help with; null when nothing was said or nobody asked. */
  topic: string | null;
  /** The platform's own creation time of the invitation; decides which of two is newer. Null when the platform never said. */
  createdAt: Instant | null;
  /** When the visitor asked for help; null when the agent was first. */
  requestedAt: Instant | null;
  invitedAt: Instant | null;
  expiresAt: Instant | null;
  acceptedAt: Instant | null;
  activeAt: Instant | null;
  closedAt: Instant | null;
  reason: Reason | null;
  /** The page whose answer won last: that accepted or declined, then that ended. Never leaves the bridge. */
  answeredBy: string | null;
  /** When the clock ends the present status; null when it does not. Timers wake the bridge up then, the record is the judge. */
  dueAt: Instant | null;
}

/** As much of a session as it takes to find it. */
export interface SessionRef {
  id: string;
  accountId: string;
  conversationId: string | null;
  visitor: { id: string | null };
}

export const isLive = (session: Session): boolean => session.status !== 'closed';

/** How far along the lifecycle a status is. */
export const rank = (status: Status): number => STATUSES.indexOf(status);
