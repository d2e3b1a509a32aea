import { createHmac } from 'node:crypto';
import type { Conversation } from './conversation.ts';
import type { Journal } from './journal.ts';
import type { Knobs } from './knobs.ts';
import { body, result } from './shapes.ts';
import { wireJson } from './wire-json.ts';

/**
 * Where an app of the account wants its events. `retry` is one of LivePerson's two ways: `count` tries more (0 to 5), 30 s apart, the
 * default being none; or `retentionSeconds` (2 to 259200), in which an event is tried again after 2, 4, 8 ... at most 300 s.
 */
export interface Webhook {
  url: string;
  secret: string;
  algorithm?: 'sha1' | 'sha256';
  encoding?: 'base64' | 'hex';
  clientId?: string;
  headers?: Record<string, string>;
  retry?: { count?: number; retentionSeconds?: number };
}

interface Event {
  conversationId: string;
  bytes: Uint8Array<ArrayBuffer>;
  bornAt: number;
}

const PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;

/** `x-liveperson-signature` of these bytes. */
export function signature(bytes: Uint8Array, { secret, algorithm = 'sha1', encoding = 'base64' }: Omit<Webhook, 'url'>): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(bytes).digest(encoding)}`;
}

/**
 * The account's webhooks. With count-based retry every event goes its own way and order is not kept. With retention, one line holds
 * all events while the first cannot be delivered, so order is kept, but for the knob `drainOvertakes`.
 */
export class Webhooks {
  private readonly stop = new AbortController();
  private readonly lines = new Map<Webhook, Event[]>();
  private readonly busy = new Set<Promise<void>>();

  constructor(
    private readonly accountId: string,
    readonly endpoints: Webhook[],
    private readonly knobs: Knobs,
    private readonly journal: Journal,
  ) {}

  changed(conversation: Conversation): void {
    if (this.endpoints.length === 0 || this.stop.signal.aborted) return;
    const change = { type: 'UPSERT', result: result(this.accountId, conversation, 'consumer', this.knobs) };
    const type = `${this.knobs.typePrefix ?? 'cqm.'}ExConversationChangeNotification`;
    const notification = { kind: 'notification', type, body: body([change], {}, this.knobs) };
    const bytes = new TextEncoder().encode(wireJson(notification, this.knobs.javaDoubles));
    for (const endpoint of this.endpoints)
      for (let copy = 0; copy <= this.knobs.duplicate; copy += 1)
        this.take(endpoint, { conversationId: conversation.id, bytes, bornAt: Date.now() });
  }

  /** Gives up what is under way. */
  async close(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.busy);
  }

  private take(endpoint: Webhook, event: Event): void {
    if (endpoint.retry?.retentionSeconds === undefined) return this.follow(this.tries(endpoint, event));
    const line = this.lines.get(endpoint);
    if (line) return void line.push(event);
    this.lines.set(endpoint, [event]);
    this.follow(this.drain(endpoint, endpoint.retry.retentionSeconds));
  }

  private follow(work: Promise<void>): void {
    const followed = work.finally(() => this.busy.delete(followed));
    this.busy.add(followed);
  }

  private async tries(endpoint: Webhook, event: Event): Promise<void> {
    for (let left = endpoint.retry?.count ?? 0; !(await this.send(endpoint, event)) && left > 0; left -= 1)
      if (!(await this.pause(PAUSE_MS))) return;
  }

  private async drain(endpoint: Webhook, retentionSeconds: number): Promise<void> {
    const line = this.lines.get(endpoint) ?? [];
    let failures = 0;
    while (line.length > 0 && !this.stop.signal.aborted) {
      if (failures > 0 && this.knobs.drainOvertakes && line.length > 1) line.splice(0, 2, line[1] as Event, line[0] as Event);
      const event = line[0] as Event;
      if (Date.now() - event.bornAt > retentionSeconds * 1000 * this.knobs.webhookTimeScale && failures > 0) line.shift();
      else if (await this.send(endpoint, event)) line.shift();
      else if (!(await this.pause(Math.min(LONGEST_PAUSE_MS, 2000 * 2 ** failures)))) return;
      else failures += 1;
    }
    this.lines.delete(endpoint);
  }

  /** Whether it was taken: 200 or 201, within the time limit. */
  private async send(endpoint: Webhook, { bytes, conversationId }: Event): Promise<boolean> {
    let status: number | null = null;
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        body: bytes,
        redirect: 'manual',
        headers: {
          ...endpoint.headers,
          'content-type': 'application/json; charset=utf-8',
          'x-liveperson-account-id': this.accountId,
          'x-liveperson-client-id': endpoint.clientId ?? 'emulator-app',
          'x-liveperson-signature': signature(bytes, endpoint),
        },
        signal: AbortSignal.any([this.stop.signal, AbortSignal.timeout(this.knobs.webhookTimeoutMs)]),
      });
      await response.body?.cancel();
      status = response.status;
    } catch {
      // Refused, reset or too slow: a failure like any other status.
    }
    if (!this.stop.signal.aborted) this.journal.add('webhook', { account: this.accountId, conversationId, url: endpoint.url, status });
    return status === 200 || status === 201;
  }

  /** False when the emulator stops meanwhile. */
  private pause(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const { signal } = this.stop;
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve(!signal.aborted);
      };
      const timer = setTimeout(done, ms * this.knobs.webhookTimeScale);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}
