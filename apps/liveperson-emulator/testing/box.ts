import { randomUUID } from 'node:crypto';
import { type Brand, type Emulator, type Webhook, startEmulator } from '../src/index.ts';
import { Client, type Frame } from './client.ts';

export const PID = '0e5a2f7c-92b1-5d44-8c11-6a0f3f9be201';

/** An emulator with one account, 55500017: the user `watcher` sees everything, `narrow` only what is its own. */
export interface Box {
  emulator: Emulator;
  brand: Brand;
  agent(user?: string): Promise<Client>;
  consumer(id: string): Promise<Client>;
  /** An agent's socket that is subscribed to all open conversations; the notification of the beginning is read already. */
  watching(): Promise<Client>;
}

export async function openBox(webhooks: Webhook[] = []): Promise<Box> {
  const emulator = await startEmulator();
  const brand = emulator.addAccount({
    id: '55500017',
    users: [
      { name: 'watcher', password: 'pw-of-watcher', userId: '7001', pid: PID, seesAll: true },
      { name: 'narrow', password: 'pw-of-narrow', userId: '7002', pid: randomUUID() },
    ],
    webhooks,
  });
  const agent = (user = 'watcher'): Promise<Client> => Client.open(emulator, `55500017/messaging/brand/${brand.bearer(user)}?v=2.1`);
  return {
    emulator,
    brand,
    agent,
    consumer: (id) => Client.open(emulator, '55500017/messaging/consumer?v=3', { authorization: `jwt ${brand.consumerToken(id)}` }),
    watching: async () => {
      const client = await agent();
      await client.ask('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] });
      await client.next();
      return client;
    },
  };
}

/** The conversation in a notification of one change. */
// eslint-disable-next-line typescript/no-explicit-any -- frames are looked at as they come
export const details = (frame: Frame): any => frame.body.changes[0].result.conversationDetails;
