import { Logger } from '@nestjs/common';
import type { JobQueue } from './queue-engine.ts';
import { Trouble } from './trouble.ts';
import { within } from './within.ts';

const AT_ONCE = 1000;
const PATIENCE_MS = 5000;

/**
 * Adds jobs off the caller's path, many in one go and one go at a time. Such a job is only a hint: what cannot be added is logged
 * and forgotten, because the record knows it and a sweep brings it back. A job whose id is there already adds nothing.
 */
export class Hints<Key extends string | number> {
  private collected = new Set<Key>();
  private flushing: Promise<void> | null = null;
  private readonly trouble: Trouble;

  constructor(
    private readonly queue: Pick<JobQueue, 'addBulk'>,
    private readonly what: string,
    private readonly jobOf: (key: Key) => { jobId: string; delay: number },
    private readonly forgotten: (keys: readonly Key[]) => void = () => {},
  ) {
    this.trouble = new Trouble(new Logger('queue'), `Adding ${what} jobs`);
  }

  /** Never waits and never throws. */
  add(keys: Iterable<Key>): void {
    for (const key of keys) this.collected.add(key);
    if (this.collected.size > 0) this.flushing ??= this.flush();
  }

  /** Resolves when everything given so far was added or forgotten. */
  async settled(): Promise<void> {
    await this.flushing;
  }

  private async flush(): Promise<void> {
    await new Promise(setImmediate);
    while (this.collected.size > 0) {
      const keys = [...this.collected].slice(0, AT_ONCE);
      for (const key of keys) this.collected.delete(key);
      try {
        await within(PATIENCE_MS, this.queue.addBulk(keys.map((key) => ({ name: this.what, data: {}, opts: this.jobOf(key) }))));
        this.trouble.over();
      } catch (error) {
        this.trouble.met(error);
        this.forgotten([...keys, ...this.collected]);
        this.collected.clear();
      }
    }
    this.flushing = null;
  }
}
