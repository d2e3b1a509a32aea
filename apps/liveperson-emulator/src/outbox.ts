import type { WebSocket } from 'ws';
import type { Knobs } from './knobs.ts';

/** What leaves one socket, with the delays, doubles, disorder and damage that the knobs ask for. Otherwise in order. */
export class Outbox {
  private readonly waiting: { text: string; due: number }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly held: string[] = [];
  private holding: NodeJS.Timeout | undefined;

  constructor(
    private readonly ws: WebSocket,
    private readonly knobs: Knobs,
  ) {}

  /** An answer, or what follows it at once. */
  answer(text: string | undefined): void {
    if (text !== undefined && !this.knobs.silent) this.later(text, this.knobs.answerDelayMs);
  }

  /** A live notification. */
  live(text: string): void {
    const { reorder, reorderHoldMs } = this.knobs;
    if (reorder < 2) {
      this.release();
      return this.notification(text);
    }
    this.held.push(text);
    if (this.held.length >= reorder) this.release();
    else this.holding ??= setTimeout(() => this.release(), reorderHoldMs);
  }

  raw(frame: string | Buffer): void {
    if (!this.knobs.silent) this.ws.send(frame, { binary: typeof frame !== 'string' });
  }

  close(): void {
    clearTimeout(this.holding);
    clearTimeout(this.timer);
  }

  private release(): void {
    clearTimeout(this.holding);
    this.holding = undefined;
    for (const text of this.held.splice(0).toReversed()) this.notification(text);
  }

  private notification(text: string): void {
    const { malformedFrames, unknownTypes, duplicate, notificationDelayMs } = this.knobs;
    if (malformedFrames) this.later(text.slice(0, Math.ceil(text.length / 2)), notificationDelayMs);
    if (unknownTypes)
      this.later('{"kind":"notification","type":"weather.BarometerNotification","body":{"changes":[1]}}', notificationDelayMs);
    for (let copy = 0; copy <= duplicate; copy += 1) this.later(text, notificationDelayMs);
  }

  /** One line and one timer for all that waits, because two timers may fire in the other order. */
  private later(text: string, delayMs: number): void {
    const now = Date.now();
    const due = Math.max(this.waiting.at(-1)?.due ?? 0, now + delayMs);
    if (due <= now && this.waiting.length === 0) return this.send(text);
    this.waiting.push({ text, due });
    this.timer ??= setTimeout(() => this.flush(), due - now);
  }

  private flush(): void {
    this.timer = undefined;
    for (let first = this.waiting[0]; first && first.due <= Date.now(); first = this.waiting[0]) {
      this.waiting.shift();
      this.send(first.text);
    }
    const [next] = this.waiting;
    if (next) this.timer = setTimeout(() => this.flush(), Math.max(1, next.due - Date.now()));
  }

  private send(text: string): void {
    if (!this.knobs.silent && this.ws.readyState === this.ws.OPEN) this.ws.send(text);
  }
}
