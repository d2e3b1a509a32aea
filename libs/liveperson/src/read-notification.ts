import type { Instant } from '#libs/core';
import { Problem } from '#libs/protocol';
import { readInstant } from './instant.ts';
import { asArray, asWire, isWire } from './wire.ts';

/** More changes than in any notification: LivePerson begins a subscription with at most 1,000 conversations. */
export const MOST_CHANGES = 10_000;

export interface Notification {
  changes: readonly unknown[];
  /** By LivePerson's clock; null when it does not say. */
  sentAt: Instant | null;
}

/** The JSON in a body, with a byte order mark before it or without. Throws `invalid_json`. */
export function parseBody(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new Problem('invalid_json', 'The body is not JSON: look for a missing quote or a trailing comma.');
  }
}

/**
 * The conversation changes in a frame, whatever carried it: a webhook, the consumer's or the agent's socket, or an SDK that hands
 * on the bare body. The type's prefix differs between them (`cqm.`, `.ams.aam.`, `aam.`), so its end decides. Null for a frame of another
 * kind, which is none of our business; throws `bad_request` when it is nothing of LivePerson's.
 */
export function readNotification(frame: unknown): Notification | null {
  const { type, body } = asWire(frame);
  if (typeof type === 'string' && !type.endsWith('ExConversationChangeNotification')) return null;
  const { changes, sentTs } = asWire(typeof type === 'string' || isWire(body) ? body : frame);
  if (!Array.isArray(changes) && !isWire(changes)) {
    throw new Problem('bad_request', 'Send a cqm.ExConversationChangeNotification: an object whose body has a list of changes.');
  }
  const list = asArray(changes);
  if (list.length > MOST_CHANGES) throw new Problem('bad_request', `A notification may hold ${MOST_CHANGES} changes.`);
  return { changes: list, sentAt: readInstant(sentTs) };
}
