import { setTimeout as pause } from 'node:timers/promises';
import type { Instant, StreamStatus } from '#libs/core';
import { Backoff, type BackoffTimes } from './backoff.ts';
import type { SocketTimes } from './messaging-socket.ts';
import { type Subscribing, type Subscription, subscribe } from './subscription.ts';
import { StreamTrouble } from './trouble.ts';

export type StreamTimes = SocketTimes & BackoffTimes;

export interface StreamOptions extends Omit<Subscribing, 'onStep' | 'times'> {
  times?: Partial<StreamTimes>;
  /** Told of every state as it comes. Never throws. */
  onStatus: (status: StreamStatus) => void;
  random?: () => number;
}

/** After a lost token a login by password gets a new one; a token that was supplied stays lost. */
const isSupplied = ({ listener }: StreamOptions): boolean => listener.kind === 'consumer' || 'bearer' in listener.credentials;

/**
 * Listens to LivePerson until it is stopped: connects, and connects again with growing pauses whatever happens. Each new connection
 * begins with the conversations that exist, so what was missed is made up for.
 */
export class Stream {
  private readonly stopping = new AbortController();
  private readonly backoff: Backoff;
  private heardAt: Instant | null;
  private running: Promise<void> | undefined;
  private readonly taking = new Set<Promise<void>>();

  constructor(private readonly options: StreamOptions) {
    this.backoff = new Backoff(options.times, options.random);
    this.heardAt = options.heardAt;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.allSettled(this.taking);
  }

  get lastHeardAt(): Instant | null {
    return this.heardAt;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let reason = 'started';
    while (!signal.aborted) {
      this.tell('connecting', reason);
      const trouble = await this.listen(signal);
      if (signal.aborted) return;
      reason = trouble.code;
      if (trouble.retry === 'never' || (trouble.code === 'token_expired' && isSupplied(this.options))) {
        return this.tell('stopped', reason);
      }
      const pauseMs = this.backoff.next(trouble.retry, trouble.retryAfterMs);
      this.tell('waiting', reason, pauseMs);
      // Cut short when it is stopped.
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection from its beginning to its end. */
  private async listen(signal: AbortSignal): Promise<StreamTrouble> {
    let subscription: Subscription | undefined;
    let subscribedAt: number | undefined;
    try {
      subscription = await subscribe(
        { ...this.options, heardAt: this.heardAt, onBytes: (...heard) => this.hear(...heard), onFrame: (frame) => this.take(frame) },
        signal,
      );
      subscribedAt = performance.now();
      this.tell('subscribed', 'listening');
      await subscription.ended;
    } catch (error) {
      return error instanceof StreamTrouble ? error : new StreamTrouble('unexpected_answer');
    } finally {
      subscription?.close();
      if (subscribedAt !== undefined) this.backoff.held(performance.now() - subscribedAt);
    }
    return new StreamTrouble('connection_lost');
  }

  private take(frame: unknown): Promise<void> {
    const taking = this.options.onFrame(frame).finally(() => this.taking.delete(taking));
    this.taking.add(taking);
    return taking;
  }

  private hear(frame: Buffer, concerns: boolean): void {
    this.heardAt = Date.now();
    this.options.onBytes?.(frame, concerns);
  }

  private tell(state: StreamStatus['state'], reason: string, pauseMs: number | null = null): void {
    const since = Date.now();
    this.options.onStatus({ state, reason, since, retryAt: pauseMs === null ? null : since + pauseMs, heardAt: this.heardAt });
  }
}
