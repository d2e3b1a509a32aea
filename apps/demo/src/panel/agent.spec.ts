import { type Standing, createAgent } from './agent.ts';
import { Conversation } from './conversation.ts';
import type { HookResult } from './words.ts';

interface Notification {
  body: {
    changes: [
      {
        result: { conversationDetails: { dialogs: { dialogId: string; metaData?: { sessionState: string; notificationKey: string } }[] } };
      },
    ];
  };
}

function desk({ joinsAlone = true, answer = (): Partial<HookResult> => ({ outcome: 'unchanged' }) } = {}) {
  const conversation = new Conversation('visitor-1');
  const sent: string[] = [];
  const standings: Standing[] = [];
  const agent = createAgent({
    conversation,
    joinsAlone: () => joinsAlone,
    changed: (standing) => standings.push(standing),
    async send(json) {
      sent.push(json);
      return { dialogId: conversation.dialogId, outcome: 'unchanged', ...answer() };
    },
  });
  const dialogs = () => sent.map((json) => (JSON.parse(json) as Notification).body.changes[0].result.conversationDetails.dialogs.at(-1)!);
  return {
    agent,
    sent,
    tell: (status: Standing['status'], dialogId = conversation.dialogId) => agent.hear({ dialogId, ...(status && { status }) }),
    said: () => dialogs().map(({ metaData }) => `${metaData?.sessionState}/${metaData?.notificationKey}`),
    dialogIds: () => [...new Set(dialogs().map(({ dialogId }) => dialogId))],
    standing: () => standings.at(-1)?.status,
    /** All that is sent one after the other has been sent. */
    sentAll: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe("the agent's side", () => {
  it('joins once after a yes, whoever tells of it and however often', async () => {
    const { agent, tell, said, sentAll } = desk();
    agent.invite('view');
    tell('invited');
    tell('accepted');
    tell('accepted');
    await sentAll();
    expect(said()).toEqual(['INVITED/invited', 'ACCEPTED/accepted', 'ACCEPTED/joined']);
  });

  it('waits for the button where it does not join by itself', async () => {
    const { agent, tell, said, sentAll } = desk({ joinsAlone: false });
    agent.invite('view');
    tell('accepted');
    await sentAll();
    expect(said()).toEqual(['INVITED/invited']);
    agent.join();
    await sentAll();
    expect(said().slice(1)).toEqual(['ACCEPTED/accepted', 'ACCEPTED/joined']);
  });

  it('never goes back, and listens only to what concerns the newest invitation', () => {
    const { agent, tell, standing } = desk();
    agent.invite('view');
    tell('active');
    tell('invited');
    tell('closed', 'another-dialog');
    expect(standing()).toBe('active');
    tell('closed');
    expect(standing()).toBe('closed');
    agent.invite('view');
    expect(standing()).toBeUndefined();
  });

  it('learns from the answer how the invitation stands', async () => {
    const { agent, standing, sentAll } = desk({ answer: () => ({ outcome: 'closed', status: 'closed', reason: 'mode_not_allowed' }) });
    agent.invite('shared');
    await sentAll();
    expect(standing()).toBe('closed');
  });

  it('sends the very same message twice', async () => {
    const { agent, sent, sentAll } = desk();
    agent.inviteTwice('follow');
    await sentAll();
    expect(sent).toHaveLength(2);
    expect(sent[0]).toBe(sent[1]);
  });

  it('sends the end of an invitation before the invitation', async () => {
    const { agent, said, dialogIds, sentAll } = desk();
    agent.inviteOutOfOrder('view');
    await sentAll();
    expect(said()).toEqual(['CLOSED/cancel_invitation', 'INVITED/invited']);
    expect(dialogIds()).toHaveLength(1);
  });
});
