import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import { type Account, type Accounts, type HeldStream, type StreamKey, type StreamStatus, Streams } from '#libs/core';
import { Problem } from '#libs/protocol';
import type { NotificationIntake } from '../notification-intake.ts';
import type { LivePersonBase } from './liveperson-base.ts';
import { LivePersonHttp } from './liveperson-http.ts';
import { Stream, type StreamTimes } from './stream.ts';
import type { Listener } from './subscription.ts';

/** Leases are renewed as often, and streams without a bridge are found as soon. */
const EVERY_MS = 2000;
/** Without a renewal for so long, another bridge may have taken over: shorter than a lease, so that two never listen for long. */
const GIVE_UP_MS = 7000;
const MOST_STREAMS = 2000;
const LIFE_NOTED_MS = 30_000;

export interface StreamReport extends StreamKey, StreamStatus {}

/** How many streams a bridge holds in one state. */
export interface StreamCount {
  kind: Listener['kind'];
  state: StreamStatus['state'];
  reason: string;
  count: number;
}

export interface SupervisorOptions {
  base: LivePersonBase;
  onStatus?: (report: StreamReport) => void;
  onNotification?: (outcome: 'read' | 'malformed') => void;
  everyMs?: number;
  giveUpMs?: number;
  times?: Partial<StreamTimes>;
  random?: () => number;
}

interface Running {
  held: HeldStream;
  listener: Listener;
  stream: Stream;
  status: StreamStatus | null;
}

/** Runs the streams that this bridge holds: starts what it is given, stops what it loses, and starts anew what was changed. */
export class StreamSupervisor {
  private readonly logger = new Logger('streams');
  private readonly http = new LivePersonHttp();
  private readonly running = new Map<string, Running>();
  /** Frames passed over unread so far: a number, because there are tens of thousands a second. */
  passed = 0;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopped = true;
  private renewedAt = 0;
  private failing = false;

  constructor(
    private readonly streams: Streams,
    private readonly accounts: Accounts,
    private readonly intake: Pick<NotificationIntake, 'take'>,
    private readonly options: SupervisorOptions,
  ) {}

  start(): void {
    this.stopped = false;
    this.turn();
  }

  /** Hangs up everywhere and gives the streams back, for other bridges to take at once. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
    await Promise.all([...this.running.keys()].map((key) => this.drop(key)));
    await this.streams.release().catch(() => undefined);
  }

  /** Looks now, because something was changed here. Resolves when it has looked. */
  async refresh(): Promise<void> {
    if (this.stopped) return;
    clearTimeout(this.timer);
    await this.round;
    this.turn();
    await this.round;
  }

  /** Begins a brand's stream anew if it is here, because there is reason to believe that it works now. */
  async retry(accountId: string): Promise<void> {
    const key = keyOf({ accountId, visitorId: null });
    if (this.running.get(key)?.status?.state === 'subscribed') return;
    await this.drop(key);
    await this.refresh();
  }

  /** How many streams this bridge holds in each state. */
  counts(): StreamCount[] {
    const counts = new Map<string, StreamCount>();
    for (const { listener, status } of this.running.values()) {
      const { state, reason } = status ?? { state: 'connecting' as const, reason: 'started' };
      const key = `${listener.kind} ${state} ${reason}`;
      const known = counts.get(key) ?? { kind: listener.kind, state, reason, count: 0 };
      counts.set(key, { ...known, count: known.count + 1 });
    }
    return [...counts.values()];
  }

  private turn(): void {
    clearTimeout(this.timer);
    this.round = this.look().finally(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.turn(), this.options.everyMs ?? EVERY_MS);
    });
  }

  private async look(): Promise<void> {
    const asked = performance.now();
    try {
      const held = await this.streams.hold(MOST_STREAMS);
      this.renewedAt = asked;
      const keys = new Set(held.map(keyOf));
      for (const key of this.running.keys()) if (!keys.has(key)) await this.drop(key);
      for (const stream of held) await this.keep(stream);
      this.noteLife();
      if (this.failing) this.logger.log('Streams are looked after again.');
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`Streams cannot be looked after: ${(error as Error).message}`);
      this.failing = true;
      if (performance.now() - this.renewedAt < (this.options.giveUpMs ?? GIVE_UP_MS)) return;
      await Promise.all([...this.running.keys()].map((key) => this.drop(key)));
    }
  }

  private async keep(held: HeldStream): Promise<void> {
    const key = keyOf(held);
    const listener = listenerOf(await this.accounts.find(held.accountId), held);
    const known = this.running.get(key);
    if (known && isDeepStrictEqual(known.listener, listener)) return;
    if (known) await this.drop(key);
    if (listener === null || this.stopped) return;
    const stream = new Stream({
      ...this.options,
      http: this.http,
      base: this.options.base.of(held.accountId),
      accountId: held.accountId,
      listener,
      heardAt: known?.stream.lastHeardAt ?? held.heardAt,
      onFrame: (frame) => this.take(held.accountId, frame),
      onBytes: (_frame, concerns) => void (concerns || this.passed++),
      onStatus: (status) => this.tell(key, held, status),
    });
    this.running.set(key, { held, listener, stream, status: null });
    stream.start();
  }

  /** Another bridge that takes over should know how far back to ask. */
  private noteLife(): void {
    for (const [key, { held, stream, status }] of this.running) {
      const heardAt = stream.lastHeardAt;
      if (status && heardAt !== null && heardAt - (status.heardAt ?? 0) > LIFE_NOTED_MS) this.report(key, held, { ...status, heardAt });
    }
  }

  private async take(accountId: string, frame: unknown): Promise<void> {
    const account = await this.accounts.find(accountId);
    if (account === null) return;
    try {
      await this.intake.take(account, frame);
      this.options.onNotification?.('read');
    } catch (error) {
      if (!(error instanceof Problem && error.status < 500)) throw error;
      // What cannot be read now cannot be read later: it ends nothing.
      this.options.onNotification?.('malformed');
    }
  }

  private tell(key: string, held: HeldStream, status: StreamStatus): void {
    this.options.onStatus?.({ accountId: held.accountId, visitorId: held.visitorId, ...status });
    this.report(key, held, status);
  }

  private report(key: string, { accountId, visitorId }: HeldStream, status: StreamStatus): void {
    const running = this.running.get(key);
    if (running) running.status = status;
    this.streams.report({ accountId, visitorId }, status).catch(() => undefined);
  }

  private async drop(key: string): Promise<void> {
    const running = this.running.get(key);
    this.running.delete(key);
    await running?.stream.stop();
  }
}

const keyOf = ({ accountId, visitorId }: StreamKey): string => JSON.stringify([accountId, visitorId]);

function listenerOf(account: Account | null, { visitorId, token }: HeldStream): Listener | null {
  if (visitorId !== null) return token === null ? null : { kind: 'consumer', token };
  const stream = account?.settings.liveperson.stream;
  return stream?.kind === 'brand' ? { kind: 'brand', credentials: stream.credentials } : null;
}
