import { Logger } from '@nestjs/common';
import type { CallbackEndpoint } from '#libs/core';
import { type QueueEngine, openQueueEngine } from '#libs/queue';
import { MemoryDeliveries } from '../../core/testing/memory-deliveries.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { AccountsWith, endpoint, event } from '../testing/events.ts';
import { Receiver, answer, hang, reset } from '../testing/receiver.ts';
import { BullmqCallbacks } from './bullmq-callbacks.ts';
import type { AttemptReport } from './deliver.ts';

describe('callbacks', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let engine: QueueEngine;
  let receiver: Receiver;
  let accounts: AccountsWith;
  let deliveries: MemoryDeliveries;
  let tries: Tries;
  let callbacks: BullmqCallbacks;
  /** The store's clock, seen from this machine's. */
  let skew: number;
  const now = (): number => Date.now() + skew;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startPostgres();
    engine = await openQueueEngine({ databaseUrl: server.url });
  });

  afterAll(async () => {
    await engine.close();
    await server.stop();
    Logger.overrideLogger(true);
  });

  beforeEach(async () => {
    receiver = await Receiver.listen();
    accounts = new AccountsWith({ silent: [] });
    skew = 0;
    deliveries = new MemoryDeliveries(now);
    tries = new Tries();
    callbacks = bridge();
  });

  afterEach(async () => {
    await callbacks.close();
    await receiver.close();
  });

  const bridge = (): BullmqCallbacks =>
    new BullmqCallbacks(engine, accounts, deliveries, { allowPrivate: true, onAttempt: tries.keep, now });

  function calledAt(...endpoints: CallbackEndpoint[]): void {
    accounts.callbacks['shop'] = endpoints;
  }

  it('go to each endpoint that wants the event, and to no other', async () => {
    calledAt(endpoint(receiver.url('/all')), endpoint(receiver.url('/ends'), ['session.closed']));
    await callbacks.start();
    await callbacks.enqueue([event('wanted', 1), event('wanted', 2, 'accepted'), event('wanted', 3, 'closed')]);
    await tries.until('delivered', 4);
    expect(receiver.at('/all').map((received) => received.event.type)).toEqual(['session.invited', 'session.accepted', 'session.closed']);
    expect(receiver.at('/ends').map((received) => received.event.type)).toEqual(['session.closed']);
    expect(Object.values(deliveries.states())).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
  });

  it('cost an account without endpoints nothing but the look', async () => {
    await callbacks.enqueue(Array.from({ length: 100 }, (_, i) => event(`s${i}`, 1, 'invited', 'silent')));
    await callbacks.enqueue([]);
    expect(accounts.asked).toBe(1);
    expect(deliveries.owed).toBe(0);
  });

  it('that could not be recorded are refused, so that they are told again', async () => {
    calledAt(endpoint(receiver.url('/')));
    deliveries.owe = () => Promise.reject(new Error('store is away'));
    await expect(callbacks.enqueue([event('refused')])).rejects.toThrow('store is away');
  });

  it('keep their order in each session while receivers fail, are slow, repeat themselves, move away, hang up or never end', async () => {
    const paths = ['/fine', '/failing', '/moved', '/gone', '/resetting', '/endless', '/slow'];
    receiver.behave('/failing', answer(500), answer(200));
    receiver.behave('/moved', answer(302, { location: receiver.url('/fine') }), answer(200));
    receiver.behave('/gone', answer(410), answer(200));
    receiver.behave('/resetting', reset, answer(200));
    receiver.behave('/endless', (response) => void response.writeHead(200).write(Buffer.alloc(1024 * 1024)));
    receiver.behave('/slow', (response) => void setTimeout(() => response.writeHead(200).end(), 300));
    calledAt(...paths.map((path) => endpoint(receiver.url(path))));
    const sessions = ['one', 'two'];
    const story = sessions.flatMap((name) => [event(name, 1), event(name, 2, 'accepted'), event(name, 3, 'closed')]);
    await callbacks.start();
    await callbacks.enqueue(story);
    await callbacks.enqueue(story);
    await tries.until('delivered', paths.length * story.length - 1);
    for (const path of paths) {
      for (const name of sessions) {
        const versions = receiver.at(path).flatMap(({ event: { session } }) => (session.id === `ses_${name}` ? [session.version] : []));
        expect(versions).toEqual(versions.toSorted((a, b) => a - b));
        expect(new Set(versions)).toEqual(new Set([1, 2, 3]));
      }
    }
    const parked = Object.entries(deliveries.states()).filter(([, state]) => state !== 'delivered');
    expect(parked).toEqual([[expect.stringContaining('/gone'), 'parked']]);
    expect(receiver.at('/failing')).toHaveLength(story.length + 1);
    expect(receiver.at('/fine')).toHaveLength(story.length);
  });

  it('reach other receivers while one hangs, however much is owed to it, and reach that one when it is back', async () => {
    const other = await Receiver.listen();
    const letGo = receiver.hold('/');
    accounts.callbacks['stuck'] = [endpoint(receiver.url('/'))];
    calledAt(endpoint(other.url('/')));
    await callbacks.start();
    await callbacks.enqueue(Array.from({ length: 300 }, (_, i) => event(`stuck${i}`, 1, 'invited', 'stuck')));
    await receiver.until('/', 128);
    await callbacks.enqueue([event('free', 1), event('free', 2)]);
    await other.until('/', 2);
    expect(receiver.received).toHaveLength(128);
    letGo();
    await tries.until('delivered', 302);
    await other.close();
  });

  it('whose jobs were lost are brought back', async () => {
    calledAt(endpoint(receiver.url('/')));
    await deliveries.owe([
      { event: event('lost', 1), urls: [receiver.url('/')] },
      { event: event('lost', 2), urls: [receiver.url('/')] },
    ]);
    await callbacks.start();
    await expect(callbacks.requeueOverdue()).resolves.toBe(1);
    await tries.until('delivered', 2);
    await expect(callbacks.requeueOverdue()).resolves.toBe(0);
  });

  it("are stamped by the store's clock, whatever this machine's says", async () => {
    calledAt(endpoint(receiver.url('/')));
    skew = -3_600_000;
    await callbacks.start();
    await callbacks.enqueue([event('stamped')]);
    await tries.until('delivered', 1);
    const stamp = Number(receiver.received[0]?.headers['webhook-timestamp']) * 1000;
    expect(Math.abs(stamp - now())).toBeLessThan(60_000);
  });

  it('that are overdue are tried at once although their jobs wait, as after a clock that was set back', async () => {
    calledAt(endpoint(receiver.url('/')));
    receiver.behave('/', answer(503, { 'retry-after': '3600' }), answer(200));
    await callbacks.start();
    await callbacks.enqueue([event('late')]);
    await tries.until('failed', 1);
    await callbacks.close();
    callbacks = bridge();
    await callbacks.start();
    await expect(callbacks.requeueOverdue()).resolves.toBe(0);
    skew = 3_700_000;
    await expect(callbacks.requeueOverdue()).resolves.toBe(1);
    await tries.until('delivered', 1);
  });

  it('whose jobs were lost are brought back although very many others have been overdue for longer', async () => {
    const other = await Receiver.listen();
    const letGo = receiver.hold('/');
    accounts.callbacks['stuck'] = [endpoint(receiver.url('/'))];
    calledAt(endpoint(other.url('/')));
    const stuck = Array.from({ length: 1000 }, (_, i) => event(`stuck${i}`, 1, 'invited', 'stuck'));
    await deliveries.owe(stuck.map((told) => ({ event: told, urls: [receiver.url('/')] })));
    skew += 10;
    await deliveries.owe([{ event: event('lost'), urls: [other.url('/')] }]);
    await callbacks.start();
    await callbacks.requeueOverdue();
    await receiver.until('/', 128);
    await callbacks.requeueOverdue();
    await other.until('/', 1);
    expect(other.at('/')).toHaveLength(1);
    const closing = callbacks.close();
    letGo();
    await closing;
    callbacks = bridge();
    await other.close();
  });

  it('are sent once although overdue ones are brought back while they are under way', async () => {
    calledAt(endpoint(receiver.url('/')));
    const letGo = receiver.hold('/');
    await callbacks.start();
    await callbacks.enqueue([event('once', 1)]);
    await receiver.until('/', 1);
    await expect(callbacks.requeueOverdue()).resolves.toBe(1);
    await callbacks.enqueue([event('after', 1)]);
    await receiver.until('/', 2);
    letGo();
    await tries.until('delivered', 2);
    expect(receiver.received).toHaveLength(2);
  });

  it('that were promised by a bridge that went away are delivered by the next', async () => {
    calledAt(endpoint(receiver.url('/')));
    await callbacks.enqueue([event('promised', 1), event('promised', 2)]);
    await callbacks.close();
    callbacks = bridge();
    await callbacks.start();
    await tries.until('delivered', 2);
    expect(receiver.received.map((received) => received.event.session.version)).toEqual([1, 2]);
  });

  it('do not keep a bridge from stopping, and what was cut short is tried again by the next', async () => {
    calledAt(endpoint(receiver.url('/')));
    receiver.behave('/', hang, answer(200));
    await callbacks.start();
    await callbacks.enqueue([event('cut', 1)]);
    await receiver.until('/', 1);
    await callbacks.close();
    expect(deliveries.attempts).toEqual([]);
    callbacks = bridge();
    await callbacks.start();
    await tries.until('delivered', 1);
    expect(receiver.received).toHaveLength(2);
  });
});

/** Keeps the tries that were told of. */
class Tries {
  private readonly told: AttemptReport[] = [];
  private seen: () => void = () => {};

  readonly keep = (report: AttemptReport): void => {
    this.told.push(report);
    this.seen();
  };

  async until(outcome: AttemptReport['outcome'], count: number): Promise<void> {
    while (this.told.filter((report) => report.outcome === outcome).length < count) {
      await new Promise<void>((resolve) => (this.seen = resolve));
    }
  }
}
