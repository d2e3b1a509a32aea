import { conversationId, ends, visitorId } from './notification.mjs';

/** Whole WebSocket frames as an agent's socket gets them, a conversation of 2 to 3 KB in each. */

const ACCOUNT = 'bench';
const AGENT = { user: `${ACCOUNT}.987654`, pid: '44444444-aaaa-5bbb-8ccc-000000000004' };
const BOT = { user: `${ACCOUNT}.987655`, pid: '77777777-aaaa-5bbb-8ccc-000000000007' };
const WROTE = [
  'Hello 👋 the "blue" one does not fit, and I would rather have it in green. My order is 4711/08.\nCould you look at it? 🙏',
  'It says:\n\t"the card was declined" 😕\nbut my bank says all is well. C:\\orders\\4711 has the receipt, shall I send it? 📎',
  'Thanks a lot 🎉 that was quick! One more question: does the café in the Łódź shop take vouchers, too? ☕️👩‍👩‍👧',
];

/** Somebody wrote a message. `escaped` writes an accented letter as `\u00e9`, behind which a filter of bytes cannot look. */
export function ordinary(seq, page, escaped = false) {
  const text = `${WROTE[seq % WROTE.length]} ${'And so it goes on, a bit longer than one would like. '.repeat(1 + (seq % 8))}`;
  const json = conversation(seq, page, text).replace('👋', '\\ud83d\\udc4b');
  return serverFrame(escaped ? json.replace('longer', 'd\\u00e9j\\u00e0 vu') : json);
}

/** An agent invites the visitor of a page in a conversation of its own. */
export function invited(seq, page) {
  const now = Date.now();
  const [visitor, dialogId] = [visitorId(page), conversationId(seq).replace('-bbbb-', '-dddd-')];
  const dialog = {
    dialogId,
    dialogType: 'OTHER',
    channelType: 'COBROWSE',
    state: 'OPEN',
    creationTs: now,
    metaDataLastUpdateTs: now,
    participants: [visitor, AGENT.user],
    metaData: {
      serviceId: `${visitor}#${conversationId(seq)}`,
      mode: 'view',
      expires: (now + 120_000) / 1000,
      sessionState: 'INVITED',
      notificationKey: 'invited',
      dialogId,
    },
  };
  return serverFrame(conversation(seq, page, 'Would you like to look at it together?', [dialog]));
}

/** The conversations are over, as told in one notification. */
export const ended = (sequence) => serverFrame(ends(sequence));

function conversation(seq, page, text, cobrowse = []) {
  const [convId, visitor, now] = [conversationId(seq), visitorId(page), Date.now()];
  const since = { creationTs: now - 60_000, metaDataLastUpdateTs: now - 60_000 };
  const people = [
    { id: visitor, role: 'CONSUMER', state: 'ACTIVE' },
    { id: AGENT.user, role: 'ASSIGNED_AGENT', state: 'ACTIVE' },
    { id: BOT.user, role: 'CONTROLLER', state: 'ACTIVE' },
  ];
  const conversationDetails = {
    ...{ convId, note: '', groupId: '', skillId: '987654321', brandId: ACCOUNT },
    participants: { CONSUMER: [visitor], ASSIGNED_AGENT: [AGENT.user], CONTROLLER: [BOT.user] },
    participantsPId: { CONSUMER: [visitor], ASSIGNED_AGENT: [AGENT.pid], CONTROLLER: [BOT.pid] },
    dialogs: [
      { dialogId: convId, dialogType: 'MAIN', channelType: 'MESSAGING', state: 'OPEN', ...since, participantsDetails: people },
      ...cobrowse,
    ],
    ...{ state: 'OPEN', stage: 'OPEN', startTs: now - 60_000, metaDataLastUpdateTs: now, firstConversation: false, csatRate: 0 },
    ttr: { ttrType: 'NORMAL', value: 600 },
    context: {
      ...{ type: 'SharkContext', lang: 'en-GB', visitorId: 'A1YzU4YjU3ZGMzMmY0NTNj', sessionId: 'Xc9mKjx5RoGCvdGHzKWmNQ' },
      interactionContextId: '1',
      clientProperties: {
        ...{ type: '.ClientProperties', appId: 'webAsync', deviceFamily: 'DESKTOP', os: 'LINUX', integration: 'WEB_SDK' },
        integrationVersion: '3.0.90',
        features: ['CO_BROWSE', 'MULTI_DIALOG', 'PHOTO_SHARING', 'RICH_CONTENT', 'SECURE_FORMS', 'AUTO_MESSAGES'],
      },
    },
    campaignInfo: { campaignId: 3150821710, engagementId: 3150821810 },
    conversationHandlerDetails: { accountId: ACCOUNT, skillId: '987654321' },
  };
  const lastContentEventNotification = {
    ...{ sequence: 12, originatorId: visitor, originatorPId: visitor, originatorMetadata: { id: visitor, role: 'CONSUMER' } },
    ...{ serverTimestamp: now, event: { type: 'ContentEvent', message: text, contentType: 'text/plain' }, dialogId: convId },
  };
  const numberOfunreadMessages = { [visitor]: 0, [AGENT.user]: 1, [BOT.user]: 12 };
  const told = { convId, effectiveTTR: now + 540_000, lastUpdateTime: now, numberOfunreadMessages };
  const result = { ...told, conversationDetails, lastContentEventNotification };
  const body = { subscriptionId: '1', sentTs: now, changes: [{ type: 'UPSERT', result }] };
  return JSON.stringify({ kind: 'notification', type: '.ams.aam.ExConversationChangeNotification', body });
}

/** Unmasked, as servers send it. */
function serverFrame(text) {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(payload.length < 65_536 ? 4 : 10);
  header[0] = 0x81;
  header[1] = header.length === 4 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(payload.length, 2);
  else header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}
