import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type Session, type SessionEvent, sessionEvent } from '#libs/core';

const CHANNEL = 'cobridge_event';
/** NOTIFY takes fewer than 8,000 bytes. */
const NOTICE_BYTES = 7800;
const RECONNECT_MS = 1000;

/**
 * Tells other bridges on the same database which events were committed: only their keys, one NOTIFY for many, because each NOTIFY
 * holds a lock of the whole database at commit. A lost notice costs a page nothing but time: its next snapshot has the truth.
 */
export class EventChannel {
  private readonly me = randomUUID().slice(0, 8);
  private waiting: SessionEvent[] = [];
  private client: pg.PoolClient | undefined;
  private reconnect: NodeJS.Timeout | undefined;
  private closed = false;
  private hear: (events: readonly SessionEvent[]) => void = () => {};

  constructor(private readonly pool: pg.Pool) {}

  subscribe(hear: (events: readonly SessionEvent[]) => void): void {
    this.hear = hear;
  }

  publish(events: readonly SessionEvent[]): void {
    if (this.waiting.length === 0) setImmediate(() => this.flush());
    this.waiting.push(...events);
  }

  /** Listens until closed, and again after the connection broke. */
  async open(): Promise<void> {
    try {
      const client = await this.pool.connect();
      if (this.closed) return client.release();
      this.client = client;
      client.on('notification', ({ payload }) => void this.receive(payload ?? '').catch(() => undefined));
      client.once('error', () => this.lost(client));
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      this.lost(this.client);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reconnect);
    this.client?.removeAllListeners();
    this.client?.release(true);
    this.client = undefined;
  }

  private lost(client: pg.PoolClient | undefined): void {
    if (this.closed) return;
    if (client && client === this.client) {
      this.client = undefined;
      client.removeAllListeners('notification');
      client.release(true);
    }
    clearTimeout(this.reconnect);
    this.reconnect = setTimeout(() => void this.open(), RECONNECT_MS).unref();
  }

  private flush(): void {
    const keys = this.waiting.map(({ session }) => `${session.id} ${session.version}`);
    this.waiting = [];
    const notices: string[] = [];
    let notice = this.me;
    for (const key of keys) {
      if (notice.length + key.length + 1 > NOTICE_BYTES) {
        notices.push(notice);
        notice = this.me;
      }
      notice += `\n${key}`;
    }
    notices.push(notice);
    for (const payload of notices)
      this.pool.query({ name: 'notify', text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, payload] }).catch(() => undefined);
  }

  private async receive(payload: string): Promise<void> {
    const [sender, ...keys] = payload.split('\n');
    if (sender === this.me || keys.length === 0) return;
    const pairs = keys.map((key) => key.split(' '));
    const { rows } = await this.pool.query<{ session: Session; occurred_at: number }>({
      name: 'noticed',
      text: `SELECT e.session, e.occurred_at::float8 FROM unnest($1::text[], $2::int[]) AS t (session_id, version)
             JOIN event e ON e.session_id = t.session_id AND e.version = t.version ORDER BY e.version`,
      values: [pairs.map(([id]) => id), pairs.map(([, version]) => version)],
    });
    this.hear(rows.map((row) => sessionEvent(row.session, row.occurred_at, ['pages'])));
  }
}
