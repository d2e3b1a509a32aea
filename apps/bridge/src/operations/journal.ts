import type { Logger as Pino } from 'pino';
import { type CodeTried, Journal, type Status, type Verdict } from '#libs/core';
import type { Metrics } from './metrics.ts';

/** One wide log line and one count per outcome. */
export class LoggingJournal extends Journal {
  constructor(
    private readonly log: Pino,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  handled({
    accountId,
    command,
    verdict,
    from,
    ms,
  }: {
    accountId: string;
    command: string;
    verdict: Verdict;
    from: Status | null;
    ms: number;
  }): void {
    const { session, outcome } = verdict;
    this.metrics.commands.inc({ command, outcome });
    this.metrics.commandSeconds.observe(ms / 1000);
    if (outcome === 'unchanged') return;
    const line = {
      event: outcome === 'refused' ? 'command.refused' : 'session.changed',
      accountId,
      sessionId: session?.id,
      conversationId: session?.conversationId,
      command,
      before: from,
      after: session?.status,
      reason: session?.reason ?? undefined,
      code: verdict.outcome === 'refused' ? verdict.code : undefined,
      version: session?.version,
      ms: Math.round(ms * 10) / 10,
    };
    if (outcome === 'refused') this.log.debug(line, 'command.refused');
    else this.log.info(line, 'session.changed');
  }

  /** The audit of codes: who typed one and what it was. The code itself is nobody's business. */
  codeTried(tried: CodeTried): void {
    this.metrics.codes.inc({ outcome: tried.outcome });
    this.log.info({ event: 'code.tried', ...tried }, 'code.tried');
  }
}
