import { MemoryDeliveries } from '../../core/testing/memory-deliveries.ts';
import { AccountsWith, endpoint, event } from '../testing/events.ts';
import { Receiver, answer, hang } from '../testing/receiver.ts';
import { type AttemptReport, Courier } from './deliver.ts';
import { SignedPost } from './signed-post.ts';

const HOUR = 3_600_000;

describe('a courier', () => {
  let receiver: Receiver;
  let accounts: AccountsWith;
  let deliveries: MemoryDeliveries;
  let post: SignedPost;
  let reports: AttemptReport[];
  let courier: Courier;
  let now: number;
  const running = new AbortController().signal;

  beforeEach(async () => {
    now = Date.UTC(2026, 10, 21, 10);
    receiver = await Receiver.listen();
    accounts = new AccountsWith({ shop: [endpoint(receiver.url('/hook?key=T0PS3CRET'))] });
    deliveries = new MemoryDeliveries(() => now);
    post = new SignedPost({ allowPrivate: true, patienceMs: 200 });
    reports = [];
    const onAttempt = (report: AttemptReport): void => void reports.push(report);
    courier = new Courier(accounts, deliveries, post, { hands: 4, callUp: () => undefined, now: () => now, onAttempt });
  });

  afterEach(async () => {
    post.close();
    await receiver.close();
  });

  /** Owes events to the account's endpoint; the id of the first in line. */
  async function owe(...events: ReturnType<typeof event>[]): Promise<string> {
    const url = accounts.callbacks['shop']?.[0]?.url ?? '';
    const [id = ''] = await deliveries.owe(events.map((told) => ({ event: told, urls: [url] })));
    return id;
  }

  it('delivers, records the try and names the next in line', async () => {
    const first = await owe(event('a', 1), event('a', 2, 'closed'));
    const step = await courier.deliver(first, running);
    expect(deliveries.attempts).toEqual([
      { deliveryId: first, startedAt: now, ms: expect.any(Number), status: 200, error: null, outcome: 'delivered', retryAt: null },
    ]);
    expect(step).toEqual({ done: true, next: expect.any(String) });
    await courier.deliver(step.done ? (step.next ?? '') : '', running);
    expect(receiver.received.map((received) => received.event.type)).toEqual(['session.invited', 'session.closed']);
  });

  it('tells of each try the ids, the host and what came of it, and no more of the address', async () => {
    receiver.behave('/hook?key=T0PS3CRET', answer(503), answer(200));
    const id = await owe(event('a', 1));
    await courier.deliver(id, running);
    await courier.deliver(id, running);
    expect(reports).toEqual([
      {
        deliveryId: id,
        accountId: 'shop',
        sessionId: 'ses_a',
        eventId: 'evt_a_1',
        eventType: 'session.invited',
        host: `127.0.0.1:${receiver.port}`,
        attempt: 1,
        status: 503,
        error: null,
        outcome: 'failed',
        ms: expect.any(Number),
        retryAt: expect.any(Number),
      },
      expect.objectContaining({ attempt: 2, status: 200, outcome: 'delivered', retryAt: null }),
    ]);
    const { deliveryId: _id, ...told } = reports[0] ?? { deliveryId: '' };
    expect(JSON.stringify(told)).not.toContain('T0PS3CRET');
  });

  it.each([302, 400, 401, 404, 500, 503])('tries again for 24 hours after %i, then parks it', async (status) => {
    receiver.behave('/hook?key=T0PS3CRET', answer(status));
    const id = await owe(event('a', 1));
    const began = now;
    for (let step = await courier.deliver(id, running); !step.done; step = await courier.deliver(id, running)) {
      expect(deliveries.attempts.at(-1)?.retryAt).toBe(now + step.comeBackMs);
      now += step.comeBackMs;
    }
    expect(deliveries.attempts.map((attempt) => attempt.outcome)).toEqual([...Array<string>(11).fill('failed'), 'parked']);
    expect(now - began).toBeGreaterThan(21 * HOUR);
    expect(now - began).toBeLessThan(27 * HOUR);
    expect(receiver.received).toHaveLength(12);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['evt_a_1']));
  });

  it('parks at once what the receiver says it never wants again, and goes on with the line', async () => {
    receiver.behave('/hook?key=T0PS3CRET', answer(410));
    const first = await owe(event('a', 1), event('a', 2));
    await expect(courier.deliver(first, running)).resolves.toEqual({ done: true, next: expect.stringContaining('evt_a_2') });
    expect(deliveries.attempts).toMatchObject([{ status: 410, outcome: 'parked', retryAt: null }]);
  });

  it('waits as long as the receiver asks for', async () => {
    receiver.behave('/hook?key=T0PS3CRET', answer(429, { 'retry-after': '600' }));
    await expect(courier.deliver(await owe(event('a', 1)), running)).resolves.toEqual({ done: false, comeBackMs: 600_000 });
  });

  it.each(['no longer has the endpoint', 'is gone'])('parks what is owed to an account that %s', async (how) => {
    const first = await owe(event('a', 1), event('a', 2));
    if (how === 'is gone') delete accounts.callbacks['shop'];
    else accounts.callbacks['shop'] = [endpoint(receiver.url('/another'))];
    await expect(courier.deliver(first, running)).resolves.toEqual({ done: true, next: expect.any(String) });
    expect(deliveries.attempts).toMatchObject([{ status: null, error: 'endpoint_removed', outcome: 'parked' }]);
    expect(receiver.received).toEqual([]);
  });

  it('does nothing for what was delivered already or is not first in its line', async () => {
    const first = await owe(event('a', 1), event('a', 2));
    const second = first.replace('evt_a_1', 'evt_a_2');
    await expect(courier.deliver(second, running)).resolves.toEqual({ done: true, next: null });
    await courier.deliver(first, running);
    await expect(courier.deliver(first, running)).resolves.toEqual({ done: true, next: null });
    expect(receiver.received).toHaveLength(1);
  });

  it('does not count a try that was cut short by the bridge stopping', async () => {
    receiver.behave('/hook?key=T0PS3CRET', hang);
    const stop = new AbortController();
    const id = await owe(event('a', 1));
    const delivering = courier.deliver(id, stop.signal);
    await receiver.until('/hook?key=T0PS3CRET', 1);
    expect(courier.underWay()).toEqual(new Set([id]));
    stop.abort();
    await expect(delivering).resolves.toEqual({ done: false, comeBackMs: 0 });
    expect(courier.underWay()).toEqual(new Set());
    expect(deliveries.attempts).toEqual([]);
  });

  it('lets a receiver that hangs hold half of its hands only, and calls up who waits for it', async () => {
    receiver.behave('/hook?key=T0PS3CRET', hang);
    const other = await Receiver.listen();
    accounts.callbacks['shop']?.push(endpoint(other.url('/')));
    const patient = new SignedPost({ allowPrivate: true });
    const called: string[] = [];
    const callUp = (id: string): void => void called.push(id);
    courier = new Courier(accounts, deliveries, patient, { hands: 4, callUp, now: () => now, onAttempt: () => undefined });
    const stop = new AbortController();
    const [first = '', second = '', third = ''] = await Promise.all(['a', 'b', 'c'].map((name) => owe(event(name))));
    const hanging = [first, second].map((id) => courier.deliver(id, stop.signal));
    await expect(courier.deliver(third, stop.signal)).resolves.toEqual({ done: true, next: null });
    expect(courier.waits(third)).toBe(true);
    const [free = ''] = await deliveries.owe([{ event: event('d'), urls: [other.url('/')] }]);
    await expect(courier.deliver(free, stop.signal)).resolves.toEqual({ done: true, next: null });
    expect(deliveries.attempts).toMatchObject([{ deliveryId: free, outcome: 'delivered' }]);
    stop.abort();
    await Promise.all(hanging);
    expect(called).toEqual([third]);
    patient.close();
    await other.close();
  });
});
