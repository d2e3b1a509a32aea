/** LivePerson's shapes, made small: each builder gives the ordinary case, and what it is given replaces parts of it. */
export const CREATED = Date.UTC(2026, 10, 21, 10);
export const VISITOR = '33333333-aaaa-4bbb-8ccc-000000000003';
export const AGENT = '44444444-aaaa-5bbb-8ccc-000000000004';
export const AGENT_NUMBER = '12345678.987654';
export const CONVERSATION = '22222222-aaaa-4bbb-8ccc-000000000002';
export const DIALOG = '55555555-aaaa-4bbb-8ccc-000000000005';

type Fields = Record<string, unknown>;

export function dialog(meta: Fields = {}, fields: Fields = {}): Fields {
  return {
    dialogId: DIALOG,
    dialogType: 'OTHER',
    channelType: 'COBROWSE',
    state: 'OPEN',
    creationTs: CREATED,
    metaDataLastUpdateTs: CREATED,
    participants: [VISITOR, AGENT_NUMBER],
    metaData: {
      serviceId: `${VISITOR}#${CONVERSATION}`,
      mode: 'view',
      expires: (CREATED + 90_000) / 1000,
      sessionState: 'INVITED',
      ...meta,
    },
    ...fields,
  };
}

export const mainDialog = { dialogId: CONVERSATION, dialogType: 'MAIN', channelType: 'MESSAGING', state: 'OPEN' };

/** The end as LivePerson's tutorial prints it. */
export function bareEnd(dialogId = DIALOG): Fields {
  return { dialogId, dialogType: 'OTHER', channelType: 'COBROWSE', metaData: { sessionState: 'CLOSED' } };
}

export function change(dialogs: unknown, details: Fields = {}, fields: Fields = {}): Fields {
  const conversationDetails = {
    state: 'OPEN',
    stage: 'OPEN',
    metaDataLastUpdateTs: CREATED,
    participants: [
      { id: VISITOR, role: 'CONSUMER' },
      { id: AGENT, role: 'ASSIGNED_AGENT' },
    ],
    dialogs,
    ...details,
  };
  return { type: 'UPSERT', result: { convId: CONVERSATION, conversationDetails }, ...fields };
}

export function notification(changes: unknown, body: Fields = {}): Fields {
  return { kind: 'notification', type: 'cqm.ExConversationChangeNotification', body: { changes, ...body } };
}
