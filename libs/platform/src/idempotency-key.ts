import { Problem } from '#libs/protocol';

/** The header's key, or null when it was not sent. */
export function idempotencyKeyOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (/^[\x20-\x7e]{1,255}$/.test(header)) return header;
  const message = 'Idempotency-Key must be 1 to 255 printable ASCII characters';
  throw new Problem('bad_request', message, [{ field: 'Idempotency-Key', message }]);
}

export const reused = (): Problem =>
  new Problem(
    'idempotency_key_reused',
    'An earlier request with this Idempotency-Key asked for something else. Use a new key for a new invitation.',
  );
