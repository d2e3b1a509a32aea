import type { Instant, Mode } from './session.ts';

/** Whether a visitor who asked for help is asked once more when an agent comes. */
export const CONSENTS = ['always', 'skip_when_requested'] as const;
export type Consent = (typeof CONSENTS)[number];

/** What an account's admin decided about its sessions. Durations in seconds. */
export interface Policy {
  defaultMode: Mode;
  allowedModes: readonly Mode[];
  invitationTtlSeconds: number;
  joinTimeoutSeconds: number;
  sessionLimitSeconds: number;
  /** How long a visitor's request waits for an agent. */
  requestTtlSeconds: number;
  /** How long one with a code does. */
  codeTtlSeconds: number;
  consent: Consent;
}

export const DEFAULT_POLICY: Policy = {
  defaultMode: 'view',
  allowedModes: ['shared', 'view', 'follow'],
  invitationTtlSeconds: 120,
  joinTimeoutSeconds: 120,
  sessionLimitSeconds: 14_400,
  requestTtlSeconds: 1200,
  codeTtlSeconds: 1200,
  consent: 'always',
};

/** No platform's invitation is good for longer than this (LivePerson: two minutes). */
const LONGEST_INVITATION_MS = 120_000;

/** A platform's clock may be off by this much before its times are no longer believed. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * When an invitation ends: at the platform's own `expires` when that is sane (after the creation and not much later than any
 * invitation lives), otherwise at creation + TTL; never later than the TTL after the bridge first saw it.
 */
export function invitationDeadline(
  told: { createdAt: Instant | null; expires: Instant | null },
  firstSeenAt: Instant,
  policy: Pick<Policy, 'invitationTtlSeconds'>,
): Instant {
  const ttl = policy.invitationTtlSeconds * 1000;
  const { expires } = told;
  const createdAt = believable(told.createdAt, firstSeenAt);
  const base = createdAt ?? firstSeenAt;
  const sane =
    expires !== null && (createdAt === null || expires > createdAt) && expires <= base + LONGEST_INVITATION_MS + CLOCK_TOLERANCE_MS;
  return Math.min(sane ? expires : base + ttl, firstSeenAt + ttl);
}

/** When the visitor was first asked: by the platform's own time, but never in the future. */
export function invitedAt({ createdAt }: { createdAt: Instant | null }, firstSeenAt: Instant): Instant {
  return Math.min(createdAt ?? firstSeenAt, firstSeenAt);
}

/** A creation time that lies well in the future says nothing: believed, it would make every later invitation the older one. */
export function believable(createdAt: Instant | null, now: Instant): Instant | null {
  return createdAt !== null && createdAt <= now + CLOCK_TOLERANCE_MS ? createdAt : null;
}
