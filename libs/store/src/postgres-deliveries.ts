import { createHash } from 'node:crypto';
import type pg from 'pg';
import { type Attempt, type Delivery, type Overdue, type Owed, type Session, Deliveries, sessionEvent } from '#libs/core';
import { FIRST, NEXT_IN_LINE, OVERDUE, OWE, READY, RECORD } from './delivery-statements.ts';
import { Grouped } from './grouped.ts';

/** What is owed to callback endpoints, in PostgreSQL. */
export class PostgresDeliveries extends Deliveries {
  // One after the other, so that an event which nobody wants is out of the way of the next.
  private readonly owing = new Grouped<Owed, string[] | null>((items) => this.oweAll(items), { lanes: 1, size: 256 });
  private readonly asking = new Grouped<string, Delivery | null>((ids) => this.readyAll(ids), { lanes: 2, size: 256 });
  private readonly recording = new Grouped<Attempt, string | null>((attempts) => this.recordAll(attempts), {
    lanes: 2,
    size: 256,
    keysOf: ({ deliveryId }) => [deliveryId],
  });

  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async owe(items: readonly Owed[]): Promise<string[]> {
    const first = await Promise.all(items.map((item) => this.owing.add(item)));
    if (first.includes(null)) throw new Error('The account is gone, or is being deleted.');
    return [...new Set(first.flatMap((ids) => ids ?? []))];
  }

  ready(deliveryId: string): Promise<Delivery | null> {
    return this.asking.add(deliveryId);
  }

  record(attempt: Attempt): Promise<string | null> {
    return this.recording.add(attempt);
  }

  async overdue(limit: number, after: Overdue | null): Promise<Overdue[]> {
    const values = [limit, after?.dueAt ?? 0, after?.id ?? ''];
    const { rows } = await this.pool.query<{ id: string; due_at: number; attempts: number }>({ name: 'overdue', text: OVERDUE, values });
    return rows.map(({ due_at, ...row }) => ({ ...row, dueAt: due_at }));
  }

  private async oweAll(items: readonly Owed[]): Promise<(string[] | null)[]> {
    const rows = items.flatMap(({ event, urls }) => [
      { id: null, event, url: null },
      ...urls.map((url) => ({ id: idOf(event.id, url), event, url })),
    ]);
    const values = [
      rows.map(({ id }) => id),
      rows.map(({ event }) => event.session.accountId),
      rows.map(({ event }) => event.session.id),
      rows.map(({ event }) => event.session.version),
      rows.map(({ url }) => url),
    ];
    const living = new Set(await this.ids('owe', OWE, values));
    // A statement of its own: whoever ends the delivery before looks for the next after that, so one of the two sees the other.
    const first = new Set(await this.ids('first-in-line', FIRST, [rows.flatMap(({ id }) => id ?? [])]));
    return items.map(({ event, urls }) =>
      living.has(event.session.accountId) ? urls.map((url) => idOf(event.id, url)).filter((id) => first.has(id)) : null,
    );
  }

  private async readyAll(ids: readonly string[]): Promise<(Delivery | null)[]> {
    const { rows } = await this.pool.query<ReadyRow>({ name: 'ready', text: READY, values: [ids] });
    const ready = new Map(rows.map((row) => [row.id, toDelivery(row)]));
    return ids.map((id) => ready.get(id) ?? null);
  }

  private async recordAll(attempts: readonly Attempt[]): Promise<(string | null)[]> {
    await this.pool.query({
      name: 'record',
      text: RECORD,
      values: [
        attempts.map(({ deliveryId }) => deliveryId),
        attempts.map(({ outcome }) => (outcome === 'failed' ? 'owed' : outcome)),
        attempts.map(({ retryAt }) => retryAt),
        attempts.map(({ startedAt }) => startedAt),
        attempts.map(({ ms }) => Math.round(ms)),
        attempts.map(({ status }) => status),
        attempts.map(({ error }) => error),
        attempts.map(({ outcome }) => outcome),
      ],
    });
    const ended = attempts.flatMap(({ deliveryId, outcome }) => (outcome === 'failed' ? [] : [deliveryId]));
    if (ended.length === 0) return attempts.map(() => null);
    const { rows } = await this.pool.query<{ id: string; next: string | null }>({
      name: 'next-in-line',
      text: NEXT_IN_LINE,
      values: [ended],
    });
    const next = new Map(rows.map((row) => [row.id, row.next]));
    return attempts.map(({ deliveryId }) => next.get(deliveryId) ?? null);
  }

  private async ids(name: string, text: string, values: unknown[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>({ name, text, values });
    return rows.map((row) => row.id);
  }
}

interface ReadyRow {
  id: string;
  account_id: string;
  url: string;
  attempts: number;
  session: Session;
  occurred_at: number;
}

const toDelivery = ({ account_id, session, occurred_at, ...row }: ReadyRow): Delivery => ({
  ...row,
  accountId: account_id,
  event: sessionEvent(session, occurred_at, ['callbacks']),
});

/** The same event owed to the same url is the same delivery. */
function idOf(eventId: string, url: string): string {
  return `${eventId}-${createHash('sha256').update(url).digest('base64url').slice(0, 12)}`;
}
