/** The database's clock as it is known here: the last reading and the steady time since. It never runs behind a reading. */
export class StoreClock {
  private reading = Date.now();
  private readAt = performance.now();

  /** Takes a reading, in milliseconds since the epoch, that an answer brought. */
  set(ms: number): void {
    this.reading = ms;
    this.readAt = performance.now();
  }

  now(): number {
    return Math.floor(this.reading + (performance.now() - this.readAt));
  }
}

/** SQL for the database's clock in whole milliseconds. */
export const NOW_MS = `floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`;
