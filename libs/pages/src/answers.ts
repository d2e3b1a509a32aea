import { Injectable } from '@nestjs/common';
import { Accounts, Bridge, type Command, type Refusal, type Session, Sessions, refOf } from '#libs/core';
import { type Answer, type AnswerCode, type Publish, type Refused, publishFor, sessionView } from '#libs/protocol';
import type { Visit } from './handshake.ts';

export type Ask = 'accept' | 'decline' | 'end' | 'withdraw';

/** Carries a page's answers to the bridge and says, once, what the page has to tell LivePerson's tag. */
@Injectable()
export class Answers {
  constructor(
    private readonly bridge: Bridge,
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
  ) {}

  /** `acknowledged` remembers, for one connection, the sessions whose `publish` it was given. */
  async answer(ask: Ask, request: unknown, visit: Visit, acknowledged: Set<string>): Promise<Answer> {
    const sessionId = sessionIdOf(request);
    if (sessionId === null) return refused('bad_request');
    const session = await this.sessions.find(visit.accountId, sessionId);
    const account = await this.accounts.find(visit.accountId);
    if (session === null || account === null || session.visitor.id !== visit.visitorId) return refused('not_found');
    const [verdict] = await this.bridge.handle(refOf(session), [commandOf(ask, sessionId, visit.page)], account.settings);
    if (verdict === undefined || verdict.session === null) return refused('not_found');
    if (verdict.outcome === 'refused') return refusedBy(verdict.code);
    const answer: Answer = { ok: true, session: sessionView(verdict.session) };
    const publish = acknowledged.has(sessionId) ? undefined : publishOf(ask, verdict.session);
    if (publish === undefined) return answer;
    acknowledged.add(sessionId);
    return { ...answer, publish };
  }
}

function commandOf(ask: Ask, sessionId: string, page: string): Command {
  if (ask === 'end') return { type: 'end', sessionId, by: 'visitor', page };
  return ask === 'withdraw' ? { type: ask, sessionId } : { type: ask, sessionId, page };
}

function publishOf(ask: Ask, session: Session): Publish | undefined {
  if (ask === 'end' || ask === 'withdraw') return undefined;
  return publishFor(session, ask === 'accept' ? 'cobrowseAccepted' : 'cobrowseDeclined');
}

export function sessionIdOf(request: unknown): string | null {
  if (typeof request !== 'object' || request === null) return null;
  const { sessionId, ...unknown } = request as Record<string, unknown>;
  const sound = typeof sessionId === 'string' && /^[\w-]{1,128}$/.test(sessionId) && Object.keys(unknown).length === 0;
  return sound ? sessionId : null;
}

/** What a platform's refusals are to a page: it can only have asked for the wrong thing. */
export function refusedBy(refusal: Refusal): Refused {
  if (refusal === 'not_accepted') return refused('bad_request', 'Only an invitation can be answered, and only an accepted session ended.');
  return refused(refusal === 'mode_not_allowed' ? 'bad_request' : refusal);
}

const MESSAGES: Record<AnswerCode, string> = {
  session_closed: 'The session is over.',
  session_expired: 'The invitation has expired.',
  already_accepted: 'This session has been accepted already.',
  already_taken: 'An agent has taken the request. Answer the invitation instead.',
  already_in_session: 'The visitor is asked or shares already. End that session first.',
  not_found: 'There is no such session for this visitor.',
  bad_request: 'Send { sessionId } and nothing else.',
  too_many_requests: 'Too many messages from this page. Wait a few seconds.',
  unavailable: 'The bridge cannot do this right now. Try again in a second.',
};

export const refused = (code: AnswerCode, message = MESSAGES[code]): Refused => ({ ok: false, error: { code, message } });
