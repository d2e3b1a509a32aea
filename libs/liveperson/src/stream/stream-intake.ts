import { Logger } from '@nestjs/common';
import type { Accounts } from '#libs/core';
import { Problem } from '#libs/protocol';
import type { NotificationIntake } from '../notification-intake.ts';

export type StreamOutcome = 'read' | 'malformed' | 'failed';

/** Takes the frames of streams to the bridge. A bad frame ends nothing; it rejects only when the store may have failed. */
export class StreamIntake {
  /** Frames passed over unread so far: a number, because there are tens of thousands a second. */
  passed = 0;
  private readonly logger = new Logger('streams');

  constructor(
    private readonly accounts: Accounts,
    private readonly intake: Pick<NotificationIntake, 'take'>,
    private readonly onNotification: (outcome: StreamOutcome) => void = () => {},
  ) {}

  async take(accountId: string, frame: unknown): Promise<void> {
    const account = await this.accounts.find(accountId);
    if (account === null) return;
    try {
      await this.intake.take(account, frame);
      this.onNotification('read');
    } catch (error) {
      if (error instanceof Problem && error.status < 500) return this.onNotification('malformed');
      // What is our own fault would be met again in the next snapshot, and again: only a store that may recover is worth a new connection.
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      this.logger.error(error.stack);
      this.onNotification('failed');
    }
  }
}
