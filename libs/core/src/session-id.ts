import { createHash, randomBytes } from 'node:crypto';

/** The id of a session that no name stands for. */
export const newSessionId = (): string => `ses_${randomBytes(16).toString('base64url')}`;

/**
 * The id of the session that a name stands for: the same name gives the same id on every bridge, so a repeated notification
 * finds its session without a lookup table. `kind` keeps names of different origins apart.
 */
export function sessionId(kind: 'dialog' | 'idempotency-key', accountId: string, ...name: string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, accountId, ...name]))
    .digest('base64url');
  return `ses_${digest.slice(0, 22)}`;
}
