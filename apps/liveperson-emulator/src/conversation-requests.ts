import type { Connection } from './connection.ts';
import type { Conversation } from './conversation.ts';
import { updateFields } from './fields.ts';
import { Refusal } from './refusal.ts';
import { type Handler, object } from './handler.ts';
import { contentEvent } from './shapes.ts';
import { text } from './text.ts';
import { wireJson } from './wire-json.ts';

/** What was said in a dialog: agents get it in the answer, consumers in a notification after it. What is said later, both hear. */
export const messages: Handler = (connection, { body }) => {
  const { side, brand } = connection;
  const dialogId = text(body['dialogId']);
  const conversation = own(connection, text(body['conversationId'] ?? body['convId'], dialogId));
  connection.dialogs.add(dialogId);
  const from = Number(body['newerThanSequence'] ?? body['fromSeq'] ?? 0);
  const events = conversation.events.filter((event) => event.dialogId === dialogId && event.sequence >= from);
  const shown = events.map((event) => contentEvent(brand.id, event, side));
  const type = { agent: '.ams.ms.QueryMessages$Response', consumer: 'GenericSubscribeResponse' };
  if (side === 'agent') return { body: shown, type };
  const notification = {
    kind: 'notification',
    type: 'ms.MessagingEventNotification',
    body: { dialogId, changes: shown, sentTs: Date.now() },
  };
  return { type, after: () => connection.post(wireJson(notification)) };
};

/** A message, or something smaller such as "is typing", which is taken and goes nowhere. */
export const publish: Handler = (connection, { body }) => {
  const { side, brand, identity } = connection;
  const dialogId = text(body['dialogId']);
  const conversation = own(connection, text(body['conversationId'] ?? body['convId'], dialogId));
  const event = object(body['event']);
  const by = side === 'agent' ? (brand.users.find(({ name }) => name === identity?.id)?.userId ?? '') : 'CONSUMER';
  const type = { agent: '.ams.ms.PublishEvent$Response', consumer: 'ms.PublishEventResponse' };
  const sequence = conversation.events.filter((one) => one.dialogId === dialogId).length;
  if (event['type'] !== 'ContentEvent' && event['type'] !== 'RichContentEvent') return { body: { sequence }, type };
  return { body: { sequence }, type, after: () => void brand.publish(conversation, event, by, dialogId) };
};

export const requestConversation: Handler = ({ side, brand, identity }, { body }) => {
  if (side !== 'consumer') throw new Refusal(403, 'Only a consumer asks for a conversation.');
  const { id } = brand.openConversation({ consumerId: identity?.id ?? '', skillId: text(body['skillId'], '-1') });
  return { body: { conversationId: id }, type: { agent: '', consumer: 'cm.RequestConversationResponse' } };
};

/** Some subscribers hear of the change before its author hears that it is done; no order of the two is promised. */
export const update: Handler = (connection, { body }) => {
  const conversation = own(connection, text(body['conversationId']));
  return { body: updateFields(connection, conversation, body['conversationField']) };
};

/** The conversation of that id, or with that dialog, when whoever is on the socket may touch it: its consumer, its agents, and users who see everything. */
function own({ brand, side, identity }: Connection, id: string): Conversation {
  const conversation =
    brand.conversations.get(id) ?? [...brand.conversations.values()].find(({ dialogs }) => dialogs.some(({ dialogId }) => dialogId === id));
  const user = brand.users.find(({ name }) => name === identity?.id);
  const may =
    side === 'consumer'
      ? conversation?.consumerId === identity?.id
      : user?.seesAll === true || conversation?.agents.some(({ userId }) => userId === user?.userId);
  if (!conversation || !may) throw new Refusal(404, 'There is no such conversation for you.');
  return conversation;
}
