import { type Brand, type Emulator, startEmulator } from '../../../liveperson-emulator/src/index.ts';
import { AgentDesk } from './agent-desk.ts';
import type { LivePersonBox } from './liveperson-box.ts';

const VIEW = { mode: 'view' } as const;

describe("the agent's desk", () => {
  let emulator: Emulator;
  let brand: Brand;
  let desk: AgentDesk;

  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.stop());
  beforeEach(() => {
    const users = [{ name: 'agent', password: 'p', userId: '1', pid: 'pid-1' }];
    brand = emulator.addAccount({ id: 'demo', users });
    desk = new AgentDesk({ open: async () => brand, knobs: async () => emulator.knobs } as unknown as LivePersonBox);
  });

  const cobrowse = (conversationId: string) =>
    brand
      .conversation(conversationId)
      .dialogs.filter(({ channelType }) => channelType === 'COBROWSE')
      .map(({ state, metaData }) => [state, metaData?.['notificationKey']]);

  it('has one chat for each visitor, and a new one when that is over', async () => {
    const first = await desk.start('ann');
    expect(await desk.start('ann')).toEqual(first);
    expect((await desk.start('bob')).conversationId).not.toBe(first.conversationId);
    await desk.close('ann');
    expect((await desk.start('ann')).conversationId).not.toBe(first.conversationId);
    await desk.close('ann');
    await expect(desk.close('ann')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has one open invitation at a time', async () => {
    const { conversationId } = await desk.invite('ann', VIEW);
    const { dialogId } = await desk.invite('ann', { mode: 'follow', expiresInSeconds: 15 });
    expect(cobrowse(conversationId)).toEqual([
      ['CLOSE', 'cancel_invitation'],
      ['OPEN', 'invited'],
    ]);
    const { creationTs, metaData } = brand.dialog(conversationId, dialogId ?? '');
    expect(metaData).toMatchObject({ mode: 'follow' });
    expect(Math.round(Number(metaData?.['expires']) - creationTs / 1000)).toBe(15);
  });

  it('says accepted and then joined, once, whoever asks for it and however often', async () => {
    const { conversationId } = await desk.invite('ann', VIEW);
    const told: unknown[] = [];
    const listener = { changed: () => told.push(cobrowse(conversationId)[0]?.[1]), said() {}, raw() {} };
    brand.listeners.add(listener);
    await Promise.all([desk.join('ann'), desk.join('ann')]);
    await desk.join('ann');
    expect(told).toEqual(['accepted', 'joined']);
    await desk.end('ann');
    expect(cobrowse(conversationId)).toEqual([['CLOSE', 'ended_by_agent']]);
    await expect(desk.join('ann')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('does not join what ended meanwhile', async () => {
    const { conversationId } = await desk.invite('ann', VIEW);
    await Promise.all([desk.join('ann'), desk.end('ann')]);
    expect(cobrowse(conversationId)).toEqual([['CLOSE', 'ended_by_agent']]);
  });

  it('turns the emulator for a moment only', async () => {
    for (const mishap of ['twice', 'reordered'] as const) await desk.invite('ann', { ...VIEW, mishap });
    expect(emulator.knobs).toMatchObject({ duplicate: 0, reorder: 0 });
  });

  it('begins a chat anew before its notifications get too long, and forgets the oldest when there are too many', async () => {
    const first = await desk.start('ann');
    let last = first;
    for (let i = 0; i < 45; i++) last = await desk.invite('ann', VIEW);
    expect(last.conversationId).not.toBe(first.conversationId);
    expect(brand.conversation(first.conversationId).dialogs.length).toBeLessThanOrEqual(41);
    for (let i = 0; i < 300; i++) await desk.start(`visitor-${i}`);
    expect(brand.conversations.size).toBe(300);
    expect(brand.conversations.has(first.conversationId)).toBe(false);
  });
});
