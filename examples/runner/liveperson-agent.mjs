import { createHmac, randomUUID } from 'node:crypto';

const AGENT_ID = '44444444-aaaa-5bbb-8ccc-000000000004';
const INVITATION_SECONDS = 120;

/**
 * An agent in LivePerson's workspace. Each step is written into the conversation, and LivePerson's webhook tells the bridge of it with the
 * whole conversation. On your site LivePerson does all of this; here it is done by hand, with ids made up.
 */
export function openLivePersonAgent(bridge, account) {
  const visitorId = randomUUID();
  const conversationId = randomUUID();
  let dialog;
  let sessionId;

  /** Sends the conversation as it is now. Gives the session that the dialog has become. */
  const notify = async () => {
    const notification = notificationOf(conversationId, visitorId, dialog);
    const { results } = await postWebhook(bridge, account, notification);
    sessionId = results[0].sessionId;
    return account.call('GET', `/sessions/${sessionId}`);
  };
  const change = (sessionState, notificationKey) => {
    dialog.metaDataLastUpdateTs = Date.now();
    // LivePerson writes only what is new into the metaData of a later state.
    dialog.metaData = { sessionState, notificationKey, dialogId: dialog.dialogId };
    if (sessionState === 'CLOSED') dialog.state = 'CLOSE';
    return notify();
  };
  /** The workspace offers each step only when it makes sense. */
  const expectStatus = async (...wanted) => {
    if (dialog === undefined) throw new Error('Nobody is invited yet.');
    const { status } = await account.call('GET', `/sessions/${sessionId}`);
    if (!wanted.includes(status)) throw new Error(`The session is ${status}; this goes when it is ${wanted.join(' or ')}.`);
  };

  return {
    visitorId,
    invite() {
      const now = Date.now();
      const dialogId = randomUUID();
      dialog = {
        dialogId,
        dialogType: 'OTHER',
        channelType: 'COBROWSE',
        state: 'OPEN',
        creationTs: now,
        metaDataLastUpdateTs: now,
        participants: [visitorId, `${account.id}.987654`],
        metaData: {
          serviceId: `${visitorId}#${conversationId}`,
          mode: 'view',
          expires: now / 1000 + INVITATION_SECONDS,
          sessionState: 'INVITED',
          notificationKey: 'invited',
          dialogId,
        },
      };
      return notify();
    },
    async cancel() {
      await expectStatus('invited');
      return change('CLOSED', 'cancel_invitation');
    },
    async join() {
      await expectStatus('accepted');
      await change('ACCEPTED', 'accepted');
      return change('ACCEPTED', 'joined');
    },
    async end() {
      await expectStatus('accepted', 'active');
      return change('CLOSED', 'ended_by_agent');
    },
  };
}

function notificationOf(convId, visitorId, cobrowse) {
  const chat = { dialogId: convId, dialogType: 'MAIN', channelType: 'MESSAGING', state: 'OPEN', creationTs: cobrowse.creationTs - 60_000 };
  const conversationDetails = {
    skillId: '-1',
    state: 'OPEN',
    stage: 'OPEN',
    startTs: chat.creationTs,
    metaDataLastUpdateTs: cobrowse.metaDataLastUpdateTs,
    participants: [
      { id: visitorId, role: 'CONSUMER' },
      { id: AGENT_ID, role: 'ASSIGNED_AGENT' },
    ],
    dialogs: [chat, cobrowse],
  };
  return {
    kind: 'notification',
    type: 'cqm.ExConversationChangeNotification',
    body: { sentTs: Date.now(), changes: [{ type: 'UPSERT', result: { convId, effectiveTTR: -1, conversationDetails } }] },
  };
}

/** As LivePerson does: the signature is over the bytes of the body. */
async function postWebhook(bridge, account, notification) {
  const body = JSON.stringify(notification);
  const signature = createHmac('sha256', account.appSecret).update(body).digest('base64');
  const answer = await fetch(`${bridge.url}/v1/hooks/liveperson/${account.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-liveperson-signature': `sha256=${signature}` },
    body,
  });
  if (!answer.ok) throw new Error(`The hook answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
