import { createHmac } from 'node:crypto';

/** LivePerson's wire, about 2 KB a notification. Conversation ids carry the sequence number by which a pushed event is recognised. */

export const visitorId = (page) => `33333333-aaaa-4bbb-8ccc-${digits(page)}`;
export const conversationId = (seq) => `${scattered(seq)}-bbbb-4bbb-8ccc-${digits(seq)}`;

const CONVERSATION = '"conversationId":"';
const DIGITS_AT = CONVERSATION.length + 24;

/** The sequence number in the bytes of a pushed event. */
export function sequenceIn(event) {
  const at = event.indexOf(CONVERSATION) + DIGITS_AT;
  return Number(event.latin1Slice(at, at + 12));
}

/** An agent invites the visitor of a page in a conversation of its own. */
export function invitation(seq, page, { createdAt = Date.now(), expiresAt = createdAt + 120_000 } = {}) {
  const [convId, visitor, dialogId] = [conversationId(seq), visitorId(page), `${scattered(seq)}-dddd-4bbb-8ccc-${digits(seq)}`];
  const metaData = {
    serviceId: `${visitor}#${convId}`,
    mode: 'view',
    expires: expiresAt / 1000,
    sessionState: 'INVITED',
    notificationKey: 'invited',
    dialogId,
  };
  const times = { creationTs: createdAt, metaDataLastUpdateTs: createdAt };
  const dialog = {
    dialogId,
    dialogType: 'OTHER',
    channelType: 'COBROWSE',
    state: 'OPEN',
    ...times,
    participants: [visitor, '12345678.987654'],
    metaData,
  };
  return notification([change(convId, visitor, createdAt, [dialog])]);
}

/** Somebody wrote a message: nothing that concerns cobrowsing. */
export function message(seq, page) {
  return notification([change(conversationId(seq), visitorId(page), Date.now(), [], 'a longer message '.repeat(26))]);
}

/** The conversations are over, as told in one notification. */
export function ends(sequence) {
  const conversationDetails = { state: 'CLOSE', stage: 'CLOSE' };
  return notification(sequence.map((seq) => ({ type: 'UPSERT', result: { convId: conversationId(seq), conversationDetails } })));
}

/** The whole HTTP request that brings a body, signed with the app secret. */
export function signedRequest(path, secret, body) {
  const signature = createHmac('sha256', secret).update(body).digest('base64');
  const head = [
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-LivePerson-Signature: sha256=${signature}`,
  ];
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}

function change(convId, visitor, now, cobrowse, text = 'Would you like to look at it together?') {
  const started = now - 60_000;
  const details = {
    skillId: '987654321',
    brandId: '12345678',
    state: 'OPEN',
    stage: 'OPEN',
    startTs: started,
    metaDataLastUpdateTs: now,
    participants: [
      { id: visitor, role: 'CONSUMER' },
      { id: '44444444-aaaa-5bbb-8ccc-000000000004', role: 'ASSIGNED_AGENT' },
      { id: '77777777-aaaa-5bbb-8ccc-000000000007', role: 'CONTROLLER' },
    ],
    ttr: { ttrType: 'NORMAL', value: 600 },
    campaignInfo: { campaignId: 3150821710, engagementId: 3150821810 },
    context: {
      type: 'SharkContext',
      lang: 'en-US',
      visitorId: 'A1YzU4YjU3ZGMzMmY0NTNj',
      sessionId: 'Xc9mKjx5RoGCvdGHzKWmNQ',
      interactionContextId: '2',
      clientProperties: {
        type: '.ClientProperties',
        appId: 'webAsync',
        deviceFamily: 'DESKTOP',
        os: 'LINUX',
        integration: 'WEB_SDK',
        features: ['CO_BROWSE', 'RICH_CONTENT', 'SECURE_FORMS', 'AUTO_MESSAGES'],
      },
    },
    dialogs: [
      {
        dialogId: convId,
        dialogType: 'MAIN',
        channelType: 'MESSAGING',
        state: 'OPEN',
        creationTs: started,
        metaDataLastUpdateTs: started,
        participantsDetails: [{ id: visitor, role: 'CONSUMER', state: 'ACTIVE' }],
      },
      ...cobrowse,
    ],
  };
  const lastContentEventNotification = {
    sequence: 12,
    originatorId: visitor,
    originatorMetadata: { id: visitor, role: 'CONSUMER' },
    serverTimestamp: now,
    dialogId: convId,
    event: { type: 'ContentEvent', message: text, contentType: 'text/plain' },
  };
  return { type: 'UPSERT', result: { convId, effectiveTTR: -1, conversationDetails: details, lastContentEventNotification } };
}

const notification = (changes) =>
  JSON.stringify({ kind: 'notification', type: 'cqm.ExConversationChangeNotification', body: { sentTs: Date.now(), changes } });

const digits = (n) => String(n).padStart(12, '0');

/** Ids of real conversations are random: neighbours in time must not be neighbours in an index. */
const scattered = (seq) => (Math.imul(seq + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
