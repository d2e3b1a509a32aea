/**
 * LivePerson's wire is read by picking: nothing of it is trusted, copied or kept, and every text that leaves here is bounded.
 * Unknown fields and values are passed over, as LivePerson's protocol overview asks of its clients.
 */
export type Wire = Readonly<Record<string, unknown>>;

export function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asWire(value: unknown): Wire {
  return isWire(value) ? value : {};
}

/** A list of one may come as its bare element (Messaging Window API, protocol overview). */
export function asArray(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Text that can be kept and shown as it is. The longest id seen has 64 characters, a service id 101. */
const TEXT = /^[^\p{Cc}\p{Cs}]{1,256}$/u;

/** An id of 1 to 256 characters, none of them a control character, or null. A number is its digits. */
export function asText(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && TEXT.test(text) ? text : null;
}
