import { randomUUID } from 'node:crypto';
import type { HookAnswer, HookResult, NotificationIntake, StreamReport } from '#libs/liveperson';

/** One conversation's part of a notification that came over the stream, as it came. */
export interface HeardNotification {
  id: string;
  conversationId: string;
  notification: object;
}

/** What became of it: all results, or the error's message. */
export interface HeardAnswer {
  id: string;
  conversationId: string;
  results: HookResult[];
  error?: string;
}

export interface Listener {
  notification: (heard: HeardNotification) => void;
  answer: (heard: HeardAnswer) => void;
  stream: (report: StreamReport) => void;
}

type Intake = Pick<NotificationIntake, 'take'>;

/** Hears along on the stream of one account, so that the demo can show what really went over the wire. */
export class Overheard {
  private readonly listeners = new Set<Listener>();
  private report: StreamReport | null = null;

  constructor(private readonly accountId: string) {}

  /** How the stream is; null before it was begun. */
  get stream(): StreamReport | null {
    return this.report;
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  status(report: StreamReport): void {
    if (report.accountId !== this.accountId) return;
    this.report = report;
    for (const { stream } of this.listeners) stream(report);
  }

  /** The same intake, only that what it takes for the account is told. */
  around(intake: Intake): Intake {
    return { take: (account, frame) => (account.id === this.accountId ? this.take(intake, account, frame) : intake.take(account, frame)) };
  }

  private async take(intake: Intake, ...[account, frame]: Parameters<Intake['take']>): Promise<HookAnswer> {
    const heard = byConversation(frame);
    for (const each of heard) for (const { notification } of this.listeners) notification(each);
    const tell = (results: readonly HookResult[], error?: string): void => {
      for (const { id, conversationId } of heard) {
        const own = results.filter((result) => result.conversationId === conversationId);
        for (const { answer } of this.listeners) answer({ id, conversationId, results: own, ...(error === undefined ? {} : { error }) });
      }
    };
    try {
      const answer = await intake.take(account, frame);
      tell(answer.results);
      return answer;
    } catch (error) {
      tell([], (error as Error).message);
      throw error;
    }
  }
}

type Change = { result?: { convId?: unknown } } | null;

interface Frame {
  body?: { changes?: Change | Change[] };
}

/** A frame may tell of many conversations, and each visitor is shown their own. */
function byConversation(frame: unknown): HeardNotification[] {
  const { body, ...rest } = (frame ?? {}) as Frame;
  const changes = [body?.changes ?? []].flat();
  const ids = new Set(changes.map((change) => change?.result?.convId).filter((id) => typeof id === 'string'));
  return [...ids].map((conversationId) => {
    const own = changes.filter((change) => change?.result?.convId === conversationId);
    return { id: randomUUID(), conversationId, notification: { ...rest, body: { ...body, changes: own } } };
  });
}
