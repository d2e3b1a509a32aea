import { Logger } from '@nestjs/common';
import type { Bridge } from '#libs/core';
import { Trouble } from '#libs/queue';

const EVERY_MS = 2000;

/** An event committed this long ago should have been told by now. */
const PENDING_AFTER_MS = 5000;

/**
 * Looks after what wake-ups and delivery jobs may have missed: jobs that were lost, a queue or a bridge that was down. It sweeps at
 * once when it starts and then every two seconds, so nothing that is overdue stays so for longer.
 */
export class Sweep {
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();
  private readonly chores: readonly { do: () => Promise<unknown>; trouble: Trouble }[];

  /** `requeueOverdue` brings back the jobs of overdue deliveries. */
  constructor(
    bridge: Pick<Bridge, 'closeDue' | 'performPending'>,
    requeueOverdue: () => Promise<unknown>,
    private readonly everyMs = EVERY_MS,
  ) {
    const logger = new Logger('sweep');
    this.chores = [
      { do: () => bridge.closeDue(), trouble: new Trouble(logger, 'Closing what is overdue') },
      { do: () => bridge.performPending(PENDING_AFTER_MS), trouble: new Trouble(logger, 'Telling what is pending') },
      { do: requeueOverdue, trouble: new Trouble(logger, 'Bringing back overdue deliveries') },
    ];
  }

  start(): void {
    this.sweeping = this.sweep();
    this.timer = setTimeout(() => void this.sweeping.then(() => this.timer && this.start()), this.everyMs);
  }

  /** Resolves when the sweep under way has ended. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    for (const chore of this.chores) {
      try {
        await chore.do();
        chore.trouble.over();
      } catch (error) {
        chore.trouble.met(error);
      }
    }
  }
}
