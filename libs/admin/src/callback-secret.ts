import { randomBytes } from 'node:crypto';
import { ValidateBy } from 'class-validator';

/** Standard Webhooks secrets made while one request is answered: that answer, and no other, shows them. */
export class NewSecrets {
  private readonly made = new Map<string, string>();

  /** The secret for an address; the same each time. */
  for(url: string): string {
    const secret = this.made.get(url) ?? `whsec_${randomBytes(32).toString('base64')}`;
    this.made.set(url, secret);
    return secret;
  }

  has(secret: string): boolean {
    return [...this.made.values()].includes(secret);
  }
}

/** Standard Webhooks secrets are base64 of 24 to 64 bytes behind `whsec_`. */
export function isCallbackSecret(value: unknown): value is string {
  const base64 = typeof value === 'string' && /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(value)?.[1];
  if (!base64) return false;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64;
}

export const IsCallbackSecret = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCallbackSecret',
    validator: { validate: isCallbackSecret, defaultMessage: () => '$property must be whsec_ and the base64 of 24 to 64 bytes' },
  });
