import type { Logger } from '@nestjs/common';

/** Errors with less than this between them are one trouble. */
const QUIET_MS = 60_000;

/** Logs a trouble when it begins and when it is over, and not each time that it shows. */
export class Trouble {
  private lastMet = -Infinity;

  constructor(
    private readonly logger: Pick<Logger, 'error' | 'log'>,
    private readonly what: string,
  ) {}

  met(error: unknown): void {
    if (!this.lasting()) this.logger.error(`${this.what}: ${error instanceof Error ? error.message || error.name : String(error)}`);
    this.lastMet = performance.now();
  }

  /** It works again. */
  over(): void {
    if (this.lasting()) this.logger.log(`${this.what}: works again`);
    this.lastMet = -Infinity;
  }

  private lasting(): boolean {
    return performance.now() - this.lastMet < QUIET_MS;
  }
}
