import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueueEngine } from './queue-engine.ts';
import { Hints } from './hints.ts';
import { startPostgres } from '../../../test/support/postgres.ts';
import { freePort, startOwnRedis } from '../../../test/support/redis.ts';

it('pg outage', async () => {
  const server = await startPostgres();
  const engine = await openQueueEngine({ databaseUrl: server.url });
  const q: any = engine.queue('x');
  let ran: string[] = [];
  const w: any = engine.worker('x', async (job) => void ran.push(job.id!), 5);
  let errors = 0; const msgs = new Map<string, number>();

  await w.waitUntilReady();
  await q.addBulk([{ name: 'a', data: {}, opts: { jobId: 'a-1', delay: 100 } }]);
  await sleep(500);
  console.log(ran, server.url);
  const cpu = process.cpuUsage();
  await server.stop();
  await sleep(4000);
  const used = process.cpuUsage(cpu);
  console.log('errors in 4 s', errors, [...msgs], 'cpu ms', (used.user + used.system) / 1000);
  const t = performance.now();
  await Promise.race([w.close().then(() => console.log('worker closed', performance.now() - t)), sleep(8000)]);
  await Promise.race([q.close().then(() => console.log('queue closed', performance.now() - t)), sleep(3000)]);
  await Promise.race([engine.close().then(() => console.log('engine closed', performance.now() - t)), sleep(3000)]);
});

it('redis outage', async () => {
  const port = await freePort();
  let server = await startOwnRedis(port);
  const engine = await openQueueEngine({ redisUrl: server.url, databaseUrl: '' });
  const q: any = engine.queue('x');
  let ran: string[] = [];
  const w: any = engine.worker('x', async (job) => void ran.push(job.id!), 5);
  let errors = 0; const msgs = new Map<string, number>();

  await q.addBulk([{ name: 'a', data: {}, opts: { jobId: 'a-1', delay: 100 } }]);
  await sleep(500);
  console.log(ran, server.url);
  const cpu = process.cpuUsage();
  await server.stop();
  const hints = new Hints<string>(q, 'x', (id) => ({ jobId: id, delay: 0 }));
  hints.add(['b-1']);
  await sleep(3000);
  const used = process.cpuUsage(cpu);
  console.log('errors in 3 s', errors, [...msgs], 'cpu ms', (used.user + used.system) / 1000);
  const t0 = performance.now();
  server = await startOwnRedis(port);
  while (ran.length < 2 && performance.now() - t0 < 10000) await sleep(20);
  console.log('back after', performance.now() - t0, ran);
  await server.stop();
  await sleep(1500);
  const t = performance.now();
  await Promise.race([w.close().then(() => console.log('worker closed', performance.now() - t)), sleep(8000)]);
  await Promise.race([q.close().then(() => console.log('queue closed', performance.now() - t)), sleep(3000)]);
  await Promise.race([engine.close().then(() => console.log('engine closed', performance.now() - t)), sleep(3000)]);
});
it('redis never there', async () => {
  const port = await freePort();
  const engine = await openQueueEngine({ redisUrl: `redis://127.0.0.1:${port}`, databaseUrl: '' });
  const q: any = engine.queue('x');
  const w: any = engine.worker('x', async (job) => {}, 5);
  const hints = new Hints<string>(q, 'x', (id) => ({ jobId: id, delay: 0 }));
  hints.add(['b-1']);
  await sleep(1000);
  const t = performance.now();
  await hints.settled(); console.log('settled', performance.now() - t);
  await Promise.race([w.close().then(() => console.log('worker closed', performance.now() - t)), sleep(8000)]);
  await Promise.race([q.close().then(() => console.log('queue closed', performance.now() - t)), sleep(3000)]);
});
