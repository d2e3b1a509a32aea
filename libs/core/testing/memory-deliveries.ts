import { type Attempt, Deliveries, type Delivery, type Instant, type Overdue, type Owed } from '#libs/core';

interface Kept extends Delivery {
  state: 'owed' | 'delivered' | 'parked';
  dueAt: Instant;
}

/** Deliveries in memory. It passes the same suite as the real store. */
export class MemoryDeliveries extends Deliveries {
  /** Every try that was recorded, oldest first. */
  readonly attempts: Attempt[] = [];
  /** Calls of `owe` so far. */
  owed = 0;
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly now: () => Instant = Date.now) {
    super();
  }

  /** What has become of each delivery, by event id and url. */
  states(): Record<string, Kept['state']> {
    return Object.fromEntries([...this.kept.values()].map((d) => [`${d.event.id} ${d.url}`, d.state]));
  }

  async owe(items: readonly Owed[]): Promise<string[]> {
    this.owed += 1;
    const single = items.flatMap(({ event, urls }) => urls.map((url) => ({ event, url })));
    const ids = single.map(({ event, url }) => {
      const id = `${event.id}-${Buffer.from(url).toString('base64url')}`;
      const fresh: Kept = { id, accountId: event.session.accountId, url, event, attempts: 0, state: 'owed', dueAt: this.now() };
      if (!this.kept.has(id)) this.kept.set(id, fresh);
      return id;
    });
    return [...new Set(ids)].filter((id) => this.first(id) !== null);
  }

  async ready(deliveryId: string): Promise<Delivery | null> {
    const kept = this.first(deliveryId);
    if (kept === null) return null;
    const { state: _state, dueAt: _dueAt, ...delivery } = kept;
    return delivery;
  }

  async record(attempt: Attempt): Promise<string | null> {
    const kept = this.kept.get(attempt.deliveryId);
    if (!kept) return null;
    this.attempts.push(attempt);
    kept.attempts += 1;
    kept.dueAt = attempt.retryAt ?? kept.dueAt;
    if (attempt.outcome === 'failed') return null;
    kept.state = attempt.outcome;
    return this.line(kept)[0]?.id ?? null;
  }

  async overdue(limit: number, after: Overdue | null): Promise<Overdue[]> {
    const due = [...this.kept.values()].filter((d) => d.dueAt <= this.now() && this.first(d.id) !== null);
    const rest = due.filter((d) => after === null || compare(d, after) > 0).toSorted(compare);
    return rest.slice(0, limit).map(({ id, dueAt, attempts }) => ({ id, dueAt, attempts }));
  }

  private first(id: string): Kept | null {
    const kept = this.kept.get(id);
    return kept && this.line(kept)[0] === kept ? kept : null;
  }

  /** What is still owed to the same endpoint about the same session, in order. */
  private line({ url, event }: Delivery): Kept[] {
    const owed = [...this.kept.values()].filter((d) => d.state === 'owed' && d.url === url && d.event.session.id === event.session.id);
    return owed.toSorted((a, b) => a.event.session.version - b.event.session.version);
  }
}

type Place = Pick<Overdue, 'id' | 'dueAt'>;

const compare = (a: Place, b: Place): number => a.dueAt - b.dueAt || (a.id < b.id ? -1 : Number(a.id > b.id));
