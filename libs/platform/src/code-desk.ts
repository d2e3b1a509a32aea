import { Injectable } from '@nestjs/common';
import { Codes, type CodeTried, Journal, type Session, type Verdict } from '#libs/core';
import { Problem, type SessionView, sessionView } from '#libs/protocol';
import { GuessLimit, TooSoon } from './guess-limit.ts';
import { refusal } from './refusal.ts';
import { SessionCommands } from './session-commands.ts';
import type { CodeRedemptionDto } from './taking.dto.ts';

interface Attempt {
  outcome: CodeTried['outcome'];
  verdict: Verdict | null;
  /** Whether it was the code of an open request. */
  right: boolean;
}

/** Redeems codes, tells the journal what each was, and tells the caller less. */
@Injectable()
export class CodeDesk {
  constructor(
    private readonly codes: Codes,
    private readonly commands: SessionCommands,
    private readonly limit: GuessLimit,
    private readonly journal: Journal,
  ) {}

  async redeem(accountId: string, keyId: string, redemption: CodeRedemptionDto): Promise<SessionView> {
    const tell = (outcome: CodeTried['outcome'], session: Session | null): void =>
      this.journal.codeTried({ accountId, keyId, agentId: redemption.agentId, outcome, sessionId: session?.id ?? null });
    const { outcome, verdict, right } = await this.limit
      .guard({ accountId, keyId }, () => this.attempt(accountId, redemption))
      .catch((error: unknown) => {
        tell(error instanceof TooSoon ? 'too_soon' : 'failed', null);
        throw error;
      });
    tell(outcome, verdict?.session ?? null);
    if (right && verdict?.outcome === 'refused') throw refusal('take', verdict.code, verdict.session);
    if (!right || !verdict?.session) {
      throw new Problem('code_not_found', 'No open request has this code. Ask the visitor to read it out again, or to make a new one.');
    }
    return sessionView(verdict.session);
  }

  private async attempt(accountId: string, { code, agentId, agentName, mode }: CodeRedemptionDto): Promise<Attempt> {
    const sessionId = await this.codes.find(accountId, code.replace(/\D/, ''));
    if (sessionId === null) return { outcome: 'wrong', verdict: null, right: false };
    const agent = { id: agentId, name: agentName ?? null };
    const verdict = await this.commands
      .attempt(accountId, { type: 'take', sessionId, agent, mode: mode ?? null })
      .catch((error: unknown) => {
        // The page that was told the code went away before its request was written, or it is long over.
        if (error instanceof Problem && error.code === 'not_found') return null;
        throw error;
      });
    if (verdict?.outcome === 'changed') return { outcome: 'taken', verdict, right: true };
    if (verdict?.outcome === 'refused' && (verdict.code === 'mode_not_allowed' || verdict.code === 'already_in_session')) {
      return { outcome: verdict.code, verdict, right: true };
    }
    return { outcome: whyOver(verdict?.session ?? null), verdict, right: false };
  }
}

function whyOver(session: Session | null): 'used' | 'expired' | 'over' {
  if (session !== null && session.agent.id !== null) return 'used';
  return session?.reason === 'expired' ? 'expired' : 'over';
}
