import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { Accounts, Bridge, Codes, type Facts, type Settings, Sessions, type Verdict, newSessionId, visitorRef } from '#libs/core';
import { type Answer, type CodeAnswer, type Refused, sessionView } from '#libs/protocol';
import { answerCode, refused } from './answers.ts';
import type { Visit } from './handshake.ts';

/** How often one visitor may ask: this many times in `ASKING_SECONDS`, whatever the number of pages. */
export const ASKS = 15;
export const ASKING_SECONDS = 180;

const TOO_OFTEN = `Help was asked for ${ASKS} times within ${ASKING_SECONDS / 60} minutes. Wait a moment.`;

/** Counts a visitor's requests on all bridges. */
export class AskLimit {
  /** `limiter` allows `ASKS` in `ASKING_SECONDS`. */
  constructor(private readonly limiter: Pick<RateLimiterAbstract, 'consume'>) {}

  async allows({ accountId, visitorId }: Visit): Promise<boolean> {
    const key = createHash('sha256')
      .update(JSON.stringify([accountId, visitorId]))
      .digest('base64url');
    return this.limiter.consume(key).then(
      () => true,
      (error: unknown) => {
        if (error instanceof RateLimiterRes) return false;
        throw error;
      },
    );
  }
}

/** Opens what visitors ask for: a request that agents see in their list, or one that is found by its code. */
@Injectable()
export class HelpRequests {
  constructor(
    private readonly bridge: Bridge,
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
    private readonly codes: Codes,
    private readonly limit: AskLimit,
  ) {}

  async ask(request: unknown, visit: Visit): Promise<Answer> {
    const admitted = await this.admit(request, visit);
    if ('ok' in admitted) return admitted;
    const verdict = await this.open(visit, newSessionId(), { ...admitted, byCode: false });
    return verdict.outcome === 'refused' || !verdict.session ? refusedBy(verdict) : { ok: true, session: sessionView(verdict.session) };
  }

  async askByCode(request: unknown, visit: Visit): Promise<CodeAnswer> {
    const admitted = await this.admit(request, visit);
    if ('ok' in admitted) return admitted;
    const sessionId = newSessionId();
    const code = await this.codes.issue(visit.accountId, sessionId, admitted.settings.codeTtlSeconds);
    if (code === null) return refused('unavailable');
    const verdict = await this.open(visit, sessionId, { ...admitted, byCode: true });
    return verdict.outcome === 'refused' || !verdict.session
      ? refusedBy(verdict)
      : { ok: true, session: sessionView(verdict.session), code };
  }

  private async admit(request: unknown, visit: Visit): Promise<{ topic: string | null; settings: Settings } | Refused> {
    const topic = topicOf(request);
    if (topic === undefined) return refused('bad_request');
    const account = await this.accounts.find(visit.accountId);
    if (account === null) return refused('not_found');
    if (!(await this.limit.allows(visit))) return refused('too_many_requests', TOO_OFTEN);
    // A conversation's session is another record, so this is a courtesy and no guard.
    const live = await this.sessions.ofVisitor(visit.accountId, visit.visitorId);
    if (live.some(({ session }) => session.status !== 'requested')) return refused('already_in_session');
    return { topic, settings: account.settings };
  }

  private async open(
    { accountId, visitorId }: Visit,
    sessionId: string,
    { topic, byCode, settings }: { topic: string | null; byCode: boolean; settings: Settings },
  ): Promise<Verdict> {
    const command = { type: 'request', sessionId, facts: factsOf(visitorId), topic, byCode } as const;
    const [verdict] = await this.bridge.handle(visitorRef(accountId, visitorId), [command], settings);
    return verdict ?? { outcome: 'refused', code: 'not_found', session: null };
  }
}

const refusedBy = (verdict: Verdict): Refused => refused(verdict.outcome === 'refused' ? answerCode(verdict.code) : 'not_found');

const factsOf = (visitorId: string): Facts => ({
  source: 'page',
  dialogId: null,
  serviceId: null,
  mode: null,
  visitor: { id: visitorId, name: null },
  agent: { id: null, name: null },
  monitoring: { sessionId: null, visitorId: null },
  createdAt: null,
  expires: null,
});

/** The topic, null for none, undefined for a request that is not one. */
function topicOf(request: unknown): string | null | undefined {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return undefined;
  const { topic, ...unknown } = request as Record<string, unknown>;
  if (Object.keys(unknown).length > 0) return undefined;
  if (topic === undefined || topic === null) return null;
  return typeof topic === 'string' && /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(topic) ? topic : undefined;
}
