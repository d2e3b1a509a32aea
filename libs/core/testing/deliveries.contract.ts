import {
  type Attempt,
  type Command,
  DEFAULT_POLICY,
  type Deliveries,
  type Overdue,
  type SessionEvent,
  type Sessions,
  decide,
} from '#libs/core';
import { facts } from './sessions.contract.ts';

interface Opened {
  deliveries: Deliveries;
  /** Where the events were committed. */
  sessions: Sessions;
}

const A = 'https://shop.example/a';
const B = 'https://shop.example/b';

/** What every implementation of `Deliveries` promises. `open` gives it with the sessions whose events it delivers. */
export function promisesOfDeliveries(open: () => Promise<Opened>): void {
  let deliveries: Deliveries;
  let sessions: Sessions;
  let count = 0;

  beforeAll(async () => {
    ({ deliveries, sessions } = await open());
  });

  /** The events of a session that was invited, accepted and ended: committed, and told to everybody else. */
  async function story(): Promise<[SessionEvent, SessionEvent, SessionEvent]> {
    count += 1;
    const id = `told-${count}`;
    const ref = { accountId: 'account-1', id, conversationId: id };
    const sessionId = `ses_${id}`;
    const commands: Command[] = [
      { type: 'invite', sessionId, facts: facts() },
      { type: 'accept', sessionId, page: 'page-1' },
      { type: 'end', sessionId, by: 'visitor', page: 'page-1' },
    ];
    const events: SessionEvent[] = [];
    for (const command of commands) {
      const decision = decide(ref, await sessions.load(ref, [sessionId]), [command], DEFAULT_POLICY, sessions.now());
      expect(await sessions.save({ ref, ...decision, next: decision.next! })).toBe(true);
      events.push(...decision.events);
    }
    expect(events).toHaveLength(3);
    return events as [SessionEvent, SessionEvent, SessionEvent];
  }

  const tried = (deliveryId: string, outcome: Attempt['outcome'], retryAt: number | null = null): Attempt => ({
    deliveryId,
    startedAt: sessions.now(),
    ms: 12,
    status: outcome === 'delivered' ? 200 : null,
    error: outcome === 'delivered' ? null : 'timeout',
    outcome,
    retryAt,
  });

  it('owes an event to each url once, however often it is told', async () => {
    const [invited] = await story();
    const items = [{ event: invited, urls: [A, B] }];
    const [first, second] = await Promise.all([deliveries.owe(items), deliveries.owe([...items, ...items])]);
    expect(new Set(first).size).toBe(2);
    expect(new Set(second)).toEqual(new Set(first));
    const ready = await Promise.all(first.map((id) => deliveries.ready(id)));
    expect(new Set(ready.map((delivery) => delivery?.url))).toEqual(new Set([A, B]));
  });

  it('gives the delivery with its event as it was when it happened', async () => {
    const [invited] = await story();
    const [id = ''] = await deliveries.owe([{ event: invited, urls: [A] }]);
    expect(id).not.toContain(':');
    const delivery = await deliveries.ready(id);
    expect(delivery).toMatchObject({ id, accountId: 'account-1', url: A, attempts: 0 });
    const { audience: _audience, ...told } = invited;
    expect(delivery?.event).toMatchObject(told);
  });

  it('lets only the first of a line be tried, and answers the next when it has ended', async () => {
    const [invited, accepted, closed] = await story();
    const [first = '', ...others] = await deliveries.owe([invited, accepted, closed].map((event) => ({ event, urls: [A] })));
    expect(others).toEqual([]);
    expect((await deliveries.ready(first))?.event.id).toBe(invited.id);
    const second = (await deliveries.record(tried(first, 'delivered'))) ?? '';
    expect((await deliveries.ready(second))?.event.id).toBe(accepted.id);
    const third = (await deliveries.record(tried(second, 'parked'))) ?? '';
    expect((await deliveries.ready(third))?.event.id).toBe(closed.id);
    expect(await deliveries.record(tried(third, 'delivered'))).toBeNull();
  });

  it('does not let a line wait for another endpoint or another session', async () => {
    const [[invited, accepted], [other]] = [await story(), await story()];
    const [stuck = ''] = await deliveries.owe([{ event: invited, urls: [A] }]);
    await deliveries.record(tried(stuck, 'failed', sessions.now() + 60_000));
    const free = await deliveries.owe([
      { event: accepted, urls: [A] },
      { event: invited, urls: [B] },
      { event: other, urls: [A] },
    ]);
    const ready = await Promise.all(free.map((id) => deliveries.ready(id)));
    expect(new Set(ready.map((d) => `${d?.event.id} ${d?.url}`))).toEqual(new Set([`${invited.id} ${B}`, `${other.id} ${A}`]));
  });

  it('does not let what an endpoint wants wait for what it does not want', async () => {
    const [invited, accepted, closed] = await story();
    const told = [
      { event: invited, urls: [] },
      { event: accepted, urls: [A] },
      { event: closed, urls: [B] },
    ];
    const free = (await Promise.all(told.map((owed) => deliveries.owe([owed])))).flat();
    const ready = await Promise.all(free.map((id) => deliveries.ready(id)));
    expect(ready.map((d) => `${d?.event.id} ${d?.url}`)).toEqual([`${accepted.id} ${A}`, `${closed.id} ${B}`]);
  });

  it('counts the tries, and holds the line until one has ended it', async () => {
    const [invited, accepted] = await story();
    const [id = ''] = await deliveries.owe([invited, accepted].map((event) => ({ event, urls: [A] })));
    for (const attempts of [1, 2, 3]) {
      expect(await deliveries.record(tried(id, 'failed', sessions.now() + 60_000))).toBeNull();
      expect(await deliveries.ready(id)).toMatchObject({ id, attempts });
    }
  });

  it('never owes again what has ended', async () => {
    const [invited] = await story();
    for (const [url, outcome] of [[A, 'delivered'] as const, [B, 'parked'] as const]) {
      const [id = ''] = await deliveries.owe([{ event: invited, urls: [url] }]);
      await deliveries.record(tried(id, outcome));
      expect(await deliveries.owe([{ event: invited, urls: [url] }])).toEqual([]);
      expect(await deliveries.ready(id)).toBeNull();
    }
  });

  it('has nothing ready under an id that it does not know', async () => {
    expect(await deliveries.ready('unknown')).toBeNull();
    expect(await deliveries.record(tried('unknown', 'delivered'))).toBeNull();
  });

  it('tells what should have been tried by now, first in line only, and not what waits for its next try', async () => {
    const [[late, behind], [waiting]] = [await story(), await story()];
    const [lateId = ''] = await deliveries.owe([late, behind].map((event) => ({ event, urls: [A] })));
    const [waitingId = ''] = await deliveries.owe([{ event: waiting, urls: [A] }]);
    await deliveries.record(tried(lateId, 'failed', sessions.now() - 10_000));
    await deliveries.record(tried(waitingId, 'failed', sessions.now() + 60_000));
    const overdue = await deliveries.overdue(1000, null);
    const events = await Promise.all(overdue.map(async ({ id }) => (await deliveries.ready(id))?.event.id));
    expect(events).toContain(late.id);
    expect(events).not.toContain(behind.id);
    expect(events).not.toContain(waiting.id);
    expect(await deliveries.overdue(1, null)).toHaveLength(1);
  });

  it('tells what is overdue part by part, each once, and first what was due first', async () => {
    const now = sessions.now();
    const dues = [now - 10_000, now - 20_000, now - 20_000, now - 20_000, now - 30_000];
    const late = new Map<string, number>();
    for (const dueAt of dues) {
      const [event] = await story();
      const [id = ''] = await deliveries.owe([{ event, urls: [A] }]);
      await deliveries.record(tried(id, 'failed', dueAt));
      late.set(id, dueAt);
    }
    const seen: Overdue[] = [];
    for (let part = await deliveries.overdue(2, null); part.length > 0; part = await deliveries.overdue(2, part.at(-1)!)) {
      expect(part.length).toBeLessThanOrEqual(2);
      expect(seen).not.toContainEqual(part[0]);
      seen.push(...part);
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ dueAt }) => dueAt)).toEqual(seen.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b));
    expect(seen.filter(({ id }) => late.has(id)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
    expect(new Map(seen.flatMap(({ id, dueAt }) => (late.has(id) ? [[id, dueAt]] : [])))).toEqual(late);
  });
}
