import { Bridge, DEFAULT_SETTINGS, MODES, type Session } from '#libs/core';
import { NotificationIntake } from '#libs/liveperson';
import { MemorySessions } from '../../../../libs/core/testing/memory-sessions.ts';
import { Conversation } from './conversation.ts';

const ACCOUNT = { id: 'demo', name: 'Demo', settings: DEFAULT_SETTINGS };

/** What the bridge itself makes of the notifications. */
function bridge() {
  const sessions = new MemorySessions();
  const nobody = { arm() {}, push() {}, enqueue: async () => {}, handled() {} };
  const intake = new NotificationIntake(new Bridge(sessions, nobody, nobody, nobody, nobody));
  const conversation = new Conversation('visitor-1', () => sessions.now());
  return {
    conversation,
    take: async (notification: object) => {
      const { results } = await intake.take(ACCOUNT, Buffer.from(JSON.stringify(notification)));
      expect(results).toHaveLength(1);
      return results[0]!;
    },
    session: async (): Promise<Session> => (await sessions.list({ accountId: 'demo', limit: 1 })).items[0]!,
  };
}

describe("the demo's conversation at LivePerson", () => {
  it.each(MODES)('invites the visitor in mode %s, for two minutes', async (mode) => {
    const { conversation, take, session } = bridge();
    expect(await take(conversation.invite(mode))).toMatchObject({ outcome: 'invited', dialogId: conversation.dialogId });
    const { invitedAt, expiresAt, ...invited } = await session();
    expect(invited).toMatchObject({
      mode,
      source: 'liveperson',
      visitor: { id: 'visitor-1' },
      agent: { id: expect.stringMatching(/^[\da-f-]{36}$/) },
    });
    expect((expiresAt ?? 0) - (invitedAt ?? 0)).toBe(120_000);
  });

  it('goes on to accepted and joined, and ends by the agent', async () => {
    const { conversation, take } = bridge();
    await take(conversation.invite('view'));
    expect(await take(conversation.accepted('accepted'))).toMatchObject({ outcome: 'accepted' });
    expect(await take(conversation.accepted('joined'))).toMatchObject({ outcome: 'active' });
    expect(await take(conversation.closed('ended_by_agent'))).toMatchObject({ outcome: 'closed', reason: 'agent_ended' });
  });

  it('takes an invitation back', async () => {
    const { conversation, take } = bridge();
    await take(conversation.invite('follow'));
    expect(await take(conversation.closed('cancel_invitation'))).toMatchObject({ outcome: 'closed', reason: 'cancelled' });
  });

  it('can make a brief invitation', async () => {
    const { conversation, take, session } = bridge();
    await take(conversation.invite('shared', 15));
    const { invitedAt, expiresAt } = await session();
    expect((expiresAt ?? 0) - (invitedAt ?? 0)).toBe(15_000);
  });

  it('can say the end before the beginning, and the same twice', async () => {
    const { conversation, take } = bridge();
    const invited = conversation.invite('view');
    expect(await take(conversation.closed('cancel_invitation'))).toMatchObject({ outcome: 'closed' });
    expect(await take(invited)).toMatchObject({ outcome: 'unchanged', status: 'closed' });
    const again = conversation.invite('view');
    expect([await take(again), await take(again)].map((r) => r.outcome)).toEqual(['invited', 'unchanged']);
  });
});
