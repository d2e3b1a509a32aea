import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import { firstValueFrom, from, timeout } from 'rxjs';
import { type Account, type Accounts, type HeldStream, type StreamKey, type StreamStatus, Streams } from '#libs/core';
import type { NotificationIntake } from '../notification-intake.ts';
import type { LivePersonBase } from './liveperson-base.ts';
import { LivePersonHttp } from './liveperson-http.ts';
import { type StreamCount, countStreams } from './stream-count.ts';
import { StreamIntake, type StreamOutcome } from './stream-intake.ts';
import { Stream, type StreamTimes } from './stream.ts';
import type { Listener } from './subscription.ts';

/** Leases are renewed as often, and streams without a bridge are found as soon. */
const EVERY_MS = 2000;
/** Without a renewal for so long, another bridge may have taken over: shorter than a lease, so that two never listen for long. */
const GIVE_UP_MS = 7000;
/** A store that does not answer is one that fails. */
const HOLD_MS = 3000;
const MOST_STREAMS = 2000;
const LIFE_NOTED_MS = 30_000;

export interface StreamReport extends StreamKey, StreamStatus {}

export interface SupervisorOptions {
  base: LivePersonBase;
  onStatus?: (report: StreamReport) => void;
  onNotification?: (outcome: StreamOutcome) => void;
  everyMs?: number;
  giveUpMs?: number;
  times?: Partial<StreamTimes>;
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
  /** Whose last report was not written. */
  private readonly untold = new Set<string>();
  private readonly frames: StreamIntake;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private stopped = true;
  private renewedAt = 0;
  private failing = false;

  constructor(
    private readonly streams: Streams,
    private readonly accounts: Accounts,
    intake: Pick<NotificationIntake, 'take'>,
    private readonly options: SupervisorOptions,
  ) {
    this.frames = new StreamIntake(accounts, intake, options.onNotification);
  }

  /** Frames passed over unread so far. */
  get passed(): number {
    return this.frames.passed;
  }

  start(): void {
    this.stopped = false;
    this.turn();
  }

  /** Hangs up everywhere and gives the streams back, for other bridges to take at once. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.next;
    await this.round;
    await Promise.all([...this.running.keys()].map((key) => this.drop(key)));
    await this.streams.release().catch(() => undefined);
  }

  /** Looks now, because something was changed here. Resolves when it has looked; all who ask meanwhile share the look. */
  refresh(): Promise<void> {
    this.next ??= this.round.then(() => {
      this.next = undefined;
      this.turn();
      return this.round;
    });
    return this.next;
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
    return countStreams(this.running.values());
  }

  private turn(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.round = this.look().finally(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.turn(), this.options.everyMs ?? EVERY_MS);
    });
  }

  private async look(): Promise<void> {
    const asked = performance.now();
    try {
      const held = await firstValueFrom(from(this.streams.hold(MOST_STREAMS)).pipe(timeout(HOLD_MS)));
      this.renewedAt = asked;
      const keys = new Set(held.map(keyOf));
      for (const key of this.running.keys()) if (!keys.has(key)) await this.drop(key);
      await Promise.all(held.map((stream) => this.keep(stream).catch((error: unknown) => this.complain(stream, error))));
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

  private complain({ accountId }: StreamKey, error: unknown): void {
    this.logger.warn(`A stream of account ${accountId} cannot be looked after: ${(error as Error).message}`);
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
      onFrame: (frame) => this.frames.take(held.accountId, frame),
      onBytes: (_frame, concerns) => void (concerns || this.frames.passed++),
      onStatus: (status) => this.tell(key, held, status),
    });
    this.running.set(key, { held, listener, stream, status: null });
    stream.start();
  }

  /** Another bridge that takes over should know how far back to ask. */
  private noteLife(): void {
    for (const [key, { held, stream, status }] of this.running) {
      const heardAt = stream.lastHeardAt;
      const stale = heardAt !== null && heardAt - (status?.heardAt ?? 0) > LIFE_NOTED_MS;
      if (status && (stale || this.untold.has(key))) this.report(key, held, { ...status, heardAt });
    }
  }

  private tell(key: string, held: HeldStream, status: StreamStatus): void {
    this.options.onStatus?.({ accountId: held.accountId, visitorId: held.visitorId, ...status });
    this.report(key, held, status);
  }

  private report(key: string, { accountId, visitorId }: HeldStream, status: StreamStatus): void {
    const running = this.running.get(key);
    if (running) running.status = status;
    this.streams.report({ accountId, visitorId }, status).then(
      () => this.untold.delete(key),
      () => this.untold.add(key),
    );
  }

  private async drop(key: string): Promise<void> {
    const running = this.running.get(key);
    this.running.delete(key);
    this.untold.delete(key);
    await running?.stream.stop();
  }
}

const keyOf = ({ accountId, visitorId }: StreamKey): string => JSON.stringify([accountId, visitorId]);

function listenerOf(account: Account | null, { visitorId, token }: HeldStream): Listener | null {
  if (visitorId !== null) return token === null ? null : { kind: 'consumer', token };
  const stream = account?.settings.liveperson.stream;
  return stream?.kind === 'brand' ? { kind: 'brand', credentials: stream.credentials } : null;
}
