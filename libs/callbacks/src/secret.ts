import { randomBytes } from 'node:crypto';

/** A new Standard Webhooks secret for an endpoint that has none: 32 random bytes. */
export function newCallbackSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
