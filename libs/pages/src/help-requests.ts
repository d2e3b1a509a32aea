import { Injectable } from '@nestjs/common';
import { Accounts, Bridge, Codes, type Facts, type Settings, Sessions, type Verdict, isBusy, newSessionId, visitorRef } from '#libs/core';
import { textPattern } from '#libs/http';
import { type Answer, type CodeAnswer, type Refused, sessionView } from '#libs/protocol';
import { refused, refusedBy } from './answers.ts';
import { ASKING_SECONDS, ASKS, AskLimit } from './ask-limit.ts';
import type { Visit } from './handshake.ts';

const TOPIC = textPattern();

const HOW_TO_ASK = 'Send { topic } of 1 to 255 characters, or {}.';

const TOO_OFTEN = `Help was asked for ${ASKS} times within ${ASKING_SECONDS / 60} minutes. Wait a moment.`;

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
    return verdict.outcome === 'refused' || !verdict.session ? refusal(verdict) : { ok: true, session: sessionView(verdict.session) };
  }

  async askByCode(request: unknown, visit: Visit): Promise<CodeAnswer> {
    const admitted = await this.admit(request, visit);
    if ('ok' in admitted) return admitted;
    const sessionId = newSessionId();
    const code = await this.codes.issue(visit.accountId, sessionId, admitted.settings.codeTtlSeconds);
    if (code === null) return refused('unavailable');
    const verdict = await this.open(visit, sessionId, { ...admitted, byCode: true });
    return verdict.outcome === 'refused' || !verdict.session ? refusal(verdict) : { ok: true, session: sessionView(verdict.session), code };
  }

  private async admit(request: unknown, visit: Visit): Promise<{ topic: string | null; settings: Settings } | Refused> {
    const topic = topicOf(request);
    if (topic === undefined) return refused('bad_request', HOW_TO_ASK);
    const account = await this.accounts.find(visit.accountId);
    if (account === null) return refused('not_found');
    if (!(await this.limit.allows(visit))) return refused('too_many_requests', TOO_OFTEN);
    if (await isBusy(this.sessions, visit)) return refused('already_in_session');
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

const refusal = (verdict: Verdict): Refused => (verdict.outcome === 'refused' ? refusedBy(verdict.code) : refused('not_found'));

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
  return typeof topic === 'string' && TOPIC.test(topic) ? topic : undefined;
}
