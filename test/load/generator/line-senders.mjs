import { setTimeout as sleep } from 'node:timers/promises';

/** What `Senders` are for hooks, for the frames on a listening agent's line. There are no answers: nothing is refused but by hanging up. */
export class LineSenders {
  refused = 0;
  firstRefusal = null;

  constructor(line) {
    this.line = line;
  }

  async open() {}

  send(frame) {
    if (!this.line.isGone) return this.line.send([frame]);
    this.refused++;
    this.firstRefusal ??= 'the agent hung up';
  }

  /** Whether everything sent was read within that time. */
  drained(withinMs) {
    const giveUp = new AbortController();
    const late = sleep(withinMs, false, { signal: giveUp.signal }).catch(() => false);
    const read = this.line.isRead().then(
      () => true,
      () => false,
    );
    return Promise.race([read, late]).finally(() => giveUp.abort());
  }

  resetCounts() {
    this.refused = 0;
    this.firstRefusal = null;
  }

  close() {}
}
