import type { Instant } from './session.ts';

/** What a stream does. `waiting` will try again by itself; `stopped` will not, until something is changed. */
export const STREAM_STATES = ['connecting', 'subscribed', 'waiting', 'stopped'] as const;
export type StreamState = (typeof STREAM_STATES)[number];

/** Which stream: a brand's own (`visitorId` null) or that of one visitor. */
export interface StreamKey {
  accountId: string;
  visitorId: string | null;
}

/** What a stream says of itself. `reason` is a code: why it waits or stopped, and for the other states how it came to them. */
export interface StreamStatus {
  state: StreamState;
  reason: string;
  since: Instant;
  /** When it tries again; null when it does not wait. */
  retryAt: Instant | null;
  /** When LivePerson was last heard; null when it never was. */
  heardAt: Instant | null;
}

/** A stream as it is kept. `status` is null until a bridge has taken it up. */
export interface StreamRecord extends StreamKey {
  status: StreamStatus | null;
  /** When a visitor's token ends; null for a brand's own. */
  expiresAt: Instant | null;
}

/** A stream that this bridge holds. `token` is the visitor's, null for a brand's own. */
export interface HeldStream extends StreamKey {
  token: string | null;
  /** When it was last heard by whichever bridge held it. */
  heardAt: Instant | null;
}

/**
 * Which streams there should be, and which bridge holds each: at most one. A lease ends by the store's clock unless it is renewed, so
 * the streams of a bridge that died are taken over.
 */
export abstract class Streams {
  /**
   * Renews what this bridge holds and takes what nobody holds, up to so many visitors' streams. Answers all that it holds now; what is
   * missing from it is lost.
   */
  abstract hold(most: number): Promise<HeldStream[]>;
  /** Gives everything back, for other bridges to take at once. */
  abstract release(): Promise<void>;
  /** Written for whoever asks any of the bridges. Ignored when the stream is no longer held here. */
  abstract report(key: StreamKey, status: StreamStatus): Promise<void>;
  /** An account's streams: the brand's own first, then visitors by id. */
  abstract list(accountId: string): Promise<StreamRecord[]>;
  /**
   * A visitor's stream from now until `expiresAt`; another token for the same visitor takes the place of the first. False when the
   * account has as many as it may, or is no more.
   */
  abstract listen(accountId: string, visitorId: string, token: string, expiresAt: Instant): Promise<boolean>;
  /** False when there was none. */
  abstract forget(accountId: string, visitorId: string): Promise<boolean>;
}
