import { setTimeout as sleep } from 'node:timers/promises';
import { openQueueEngine } from '#libs/queue';
import { Deliveries } from '#libs/core';
import { startPostgres } from '../../../test/support/postgres.ts';
import { startRedis } from '../../../test/support/redis.ts';
import { AccountsWith, endpoint, event } from '../testing/events.ts';
import { Receiver } from '../testing/receiver.ts';
import { BullmqCallbacks } from './bullmq-callbacks.ts';
const q = (a: number[]) => { const s = a.toSorted((x, y) => x - y); return [0.5, 0.9, 0.99, 1].map((p) => Math.round(s[Math.min(s.length - 1, Math.floor(p * s.length))]! * 10) / 10); };
class Fast extends Deliveries { m = new Map<string, any>();
  async owe(items: any) { return items.map(({ event, url }: any) => { this.m.set(event.id, { id: event.id, accountId: 'shop', url, event, attempts: 0 }); return event.id; }); }
  async ready(id: string) { return this.m.get(id) ?? null; }
  async record(a: any) { if (a.outcome !== 'failed') this.m.delete(a.deliveryId); return null; }
  async overdue() { return []; } }
it.each(['pg', 'redis'])('%s', async (kind) => {
  const server = await startPostgres(); const redis = await startRedis();
  const engine = await openQueueEngine(kind === 'pg' ? { databaseUrl: server.url } : { databaseUrl: '', redisUrl: redis.url });
  const receiver = await Receiver.listen();
  const deliveries = new Fast();
  const sent = new Map<string, number>(); const lat: number[] = [];
  let done = 0;
  const accounts = new AccountsWith({ shop: [endpoint(receiver.url('/'))], hanging: [endpoint(receiver.url('/hang').replace('127.0.0.1', 'localhost'))] });
  const callbacks = new BullmqCallbacks(engine, { find: async (id) => accounts.find(id) }, deliveries, { allowPrivate: true, onAttempt: (r) => void (r.outcome === 'delivered' && done++) });
  receiver.behave('/', (res, r) => { lat.push(performance.now() - sent.get(r.event.id)!); res.writeHead(200).end(); receiver.received.length = 0; });
  let hung = 0;
  receiver.behave('/hang', () => void hung++);
  await callbacks.start();
  let n = 0;
  const t0 = performance.now();
  while (performance.now() - t0 < 5000) { while (n < (performance.now() - t0) / 5) { const e = event('p' + n++); sent.set(e.id, performance.now()); void callbacks.enqueue([e]); } await sleep(1); }
  while (done < n) await sleep(10);
  console.log(kind, 'callbacks 200/s latency', n, q(lat));
  const t1 = performance.now();
  done = 0;
  for (let i = 0; i < 2000; i++) { const e = event('b' + i); sent.set(e.id, performance.now()); void callbacks.enqueue([e]); }
  while (done < 2000) await sleep(10);
  console.log(kind, 'burst 2000 s', (performance.now() - t1) / 1000);
  lat.length = 0; done = 0;
  for (let i = 0; i < 1000; i++) void callbacks.enqueue([event('h' + i, 1, 'invited', 'hanging')].map((e) => ({ ...e })));
  deliveries.owe = (async (items: any) => items.map(({ event, url }: any) => { deliveries.m.set(event.id, { id: event.id, accountId: event.session.accountId, url, event, attempts: 0 }); return event.id; })) as never;
  await sleep(2000);
  n = 0;
  const t2 = performance.now();
  while (performance.now() - t2 < 5000) { while (n < (performance.now() - t2) / 20) { const e = event('q' + n++); sent.set(e.id, performance.now()); void callbacks.enqueue([e]); } await sleep(1); }
  while (done < n) await sleep(10);
  console.log(kind, 'callbacks 50/s beside a hanging receiver, latency', n, q(lat), 'hung', hung);
  await callbacks.close(); await receiver.close(); await engine.close(); await server.stop(); await redis.stop();
}, 90000);
