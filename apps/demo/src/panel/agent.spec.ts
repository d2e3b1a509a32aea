import { type Agent, type Chat, type Standing, type Verb, type Wish, createAgent } from './agent.ts';

const VIEW: Wish = { mode: 'view' };
const accepted = (serviceId: string) =>
  ({
    app: 'lpCoBrowse',
    event: 'cobrowseAccepted',
    data: { serviceId, agentId: 'a', visitorName: '', mode: 'view', ssid: '', svid: '' },
  }) as const;

function desk({ joinsAlone = true, hasFailed = false } = {}) {
  const asked: [Verb, Wish | undefined][] = [];
  const standings: Standing[] = [];
  let chat: Chat = { conversationId: 'chat-1', dialogId: null };
  const agent: Agent = createAgent({
    ask: async (verb, wish) => {
      asked.push([verb, wish]);
      if (hasFailed) return undefined;
      if (verb === 'invite') chat = { ...chat, dialogId: `dialog-${asked.length}` };
      return chat;
    },
    joinsAlone: () => joinsAlone,
    changed: (standing) => standings.push(standing),
  });
  return {
    agent,
    verbs: () => asked.map(([verb]) => verb),
    asked,
    status: () => standings.at(-1)?.status,
    chatting: () => standings.at(-1)?.chatting,
    dialogId: () => chat.dialogId,
    startAnew: () => (chat = { conversationId: 'chat-2', dialogId: null }),
    /** All that is asked one after the other has been answered. */
    done: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe("the agent's side of the panel", () => {
  it('joins when the tag is told of a yes in its own chat', async () => {
    const { agent, verbs, done } = desk();
    agent.invite(VIEW);
    await done();
    agent.hearTag(accepted('visitor#another-chat'));
    agent.hearTag({ ...accepted('visitor#chat-1'), event: 'cobrowseOffered' });
    await done();
    expect(verbs()).toEqual(['invite']);
    agent.hearTag(accepted('visitor#chat-1'));
    await done();
    expect(verbs()).toEqual(['invite', 'join']);
  });

  it('waits for the button where it does not join by itself', async () => {
    const { agent, verbs, done } = desk({ joinsAlone: false });
    agent.invite(VIEW);
    await done();
    agent.hearTag(accepted('visitor#chat-1'));
    agent.act('join');
    await done();
    expect(verbs()).toEqual(['invite', 'join']);
  });

  it('never goes back, and listens only to what concerns the newest invitation', async () => {
    const { agent, status, dialogId, done } = desk();
    agent.invite(VIEW);
    await done();
    expect(status()).toBe('sent');
    agent.hear({ dialogId: dialogId(), status: 'active' });
    agent.hear({ dialogId: dialogId(), status: 'invited' });
    agent.hear({ dialogId: 'another', status: 'closed' });
    expect(status()).toBe('active');
    agent.hear({ dialogId: dialogId(), status: 'closed', reason: 'agent_ended' });
    expect(status()).toBe('closed');
    agent.invite(VIEW);
    await done();
    expect(status()).toBe('sent');
  });

  it('knows what a page told before its own answer came', async () => {
    const { agent, status, done } = desk();
    agent.invite(VIEW);
    agent.hear({ dialogId: 'dialog-1', status: 'invited' });
    await done();
    expect(status()).toBe('invited');
  });

  it('asks for mishaps, and knows of an invitation that was sent in the wrong order', async () => {
    const { agent, asked, done } = desk();
    agent.invite({ mode: 'shared', mishap: 'reordered' });
    expect(agent.reordered).toBe(true);
    agent.invite({ mode: 'shared', expiresInSeconds: 15 });
    expect(agent.reordered).toBe(false);
    await done();
    expect(asked).toEqual([
      ['invite', { mode: 'shared', mishap: 'reordered' }],
      ['invite', { mode: 'shared', expiresInSeconds: 15 }],
    ]);
  });

  it('says so when LivePerson has forgotten the chat, but not of one that was over', async () => {
    const open = desk();
    open.agent.invite(VIEW);
    await open.done();
    open.startAnew();
    open.agent.act('start');
    await open.done();
    expect(open.status()).toBe('lost');

    const over = desk();
    over.agent.act('start');
    await over.done();
    over.startAnew();
    over.agent.act('start');
    await over.done();
    expect(over.status()).toBeUndefined();
  });

  it('has a chat to close until it is closed', async () => {
    const { agent, chatting, done } = desk();
    agent.act('start');
    await done();
    expect(chatting()).toBe(true);
    agent.act('close');
    await done();
    expect(chatting()).toBe(false);
  });

  it('stays where it is when nothing could be done', async () => {
    const { agent, status, done } = desk({ hasFailed: true });
    agent.invite(VIEW);
    await done();
    expect(status()).toBeUndefined();
  });
});
