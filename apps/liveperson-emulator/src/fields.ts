import type { Connection } from './connection.ts';
import { type Conversation, type Dialog, type MetaData, closeConversation, closeMain, openCobrowse, touch } from './conversation.ts';
import { Refusal } from './refusal.ts';
import { type Json, object } from './handler.ts';
import { text } from './text.ts';

/**
 * `UpdateConversationField`: one field or a list of them. Returns the text of the answer; such texts are free, so ours are our own.
 * Throws a `Refusal` for what cannot be done; fields before it in the list hold nevertheless [guess].
 */
export function updateFields(connection: Connection, conversation: Conversation, given: unknown): string {
  const list = Array.isArray(given) ? given : [given];
  if (list.length === 0) throw new Refusal(400, 'conversationField is empty.');
  const quiet = !Array.isArray(given) && !connection.knobs.bareFieldPropagates;
  return list.map((field: unknown) => updateField(connection, conversation, object(field), quiet)).join('; ');
}

function updateField(connection: Connection, conversation: Conversation, field: Json, quiet: boolean): string {
  const { brand, side, knobs } = connection;
  const by = side === 'agent' ? 'AGENT' : 'CONSUMER';
  const tell = (): void => void (quiet || brand.tell(conversation));
  switch (field['field']) {
    case 'DialogChange':
      return dialogChange(connection, conversation, field, quiet);
    case 'ConversationStateField':
    case 'Stage': {
      const next = field['conversationState'] ?? field['conversationStage'] ?? field['stage'] ?? field['value'];
      if (next !== 'CLOSE') throw new Refusal(400, 'A conversation can only be closed.');
      // A consumer's close leaves room for the survey, an agent's does not.
      if (side === 'agent') closeConversation(conversation, by);
      else closeMain(conversation, by, knobs.survey);
      tell();
      return 'Conversation is closed';
    }
    case 'ParticipantsChange':
      changeParticipants(connection, conversation, field);
      tell();
      return 'Participants are changed';
    case 'Skill':
      conversation.skillId = text(field['skill'] ?? field['skillId'], '-1');
      touch(conversation);
      tell();
      return 'Skill is changed';
    case 'TTRField':
    case 'ManualETTR':
    case 'Note':
    case 'CSATRate':
      touch(conversation);
      tell();
      return 'Field is changed';
    default:
      throw new Refusal(400, `The field ${JSON.stringify(field['field'])} is unknown.`);
  }
}

function dialogChange(connection: Connection, conversation: Conversation, field: Json, quiet: boolean): string {
  const { brand, side, knobs } = connection;
  const wanted = object(field['dialog']);
  const dialogId = wanted['dialogId'] ?? field['dialogId'];
  if (typeof dialogId !== 'string' || dialogId === '') throw new Refusal(400, 'The dialog has no dialogId.');
  const metaData = wanted['metaData'] === undefined ? undefined : object(wanted['metaData']);
  const known = conversation.dialogs.find((dialog) => dialog.dialogId === dialogId);
  if (field['type'] === 'CREATE') {
    if (side === 'consumer') throw new Refusal(403, 'A consumer cannot add a dialog.');
    if (conversation.stage === 'CLOSE') throw new Refusal(400, 'The conversation is closed.');
    if (known?.state === 'OPEN') throw new Refusal(400, 'There is such a dialog already.');
    if (knobs.oneOpenInvitation && wanted['channelType'] === 'COBROWSE' && openCobrowse(conversation))
      throw new Refusal(400, 'Another COBROWSE dialog is open.');
    brand.addDialog(conversation, newDialog(dialogId, wanted, metaData), quiet);
    return 'Dialog is added';
  }
  if (field['type'] !== 'UPDATE') throw new Refusal(400, 'A dialog is changed by CREATE or UPDATE.');
  if (!known) throw new Refusal(404, 'There is no such dialog.');
  if (side === 'consumer' && known.channelType === 'COBROWSE' && !knobs.consumerMayCloseCobrowse)
    throw new Refusal(403, 'A consumer cannot change this dialog.');
  const cause = typeof wanted['closedCause'] === 'string' ? wanted['closedCause'] : undefined;
  const state: Dialog['state'] | undefined = wanted['state'] === 'CLOSE' ? 'CLOSE' : wanted['state'] === 'OPEN' ? 'OPEN' : undefined;
  if (known.dialogType !== 'OTHER' && state === 'CLOSE') {
    const by = side === 'agent' ? 'AGENT' : 'CONSUMER';
    if (known.dialogType === 'MAIN') closeMain(conversation, by, knobs.survey, cause);
    else closeConversation(conversation, by);
    if (!quiet) brand.tell(conversation);
    return 'Dialog is closed';
  }
  const patch = { ...(metaData ? { metaData } : {}), ...(state ? { state } : {}), ...(cause === undefined ? {} : { closedCause: cause }) };
  brand.changeDialog(conversation, known, patch, quiet);
  return 'Dialog is changed';
}

/** The instants are the agent's client's own, when it sent any. */
function newDialog(dialogId: string, wanted: Json, metaData: MetaData | undefined): Dialog {
  const now = Date.now();
  const number = (value: unknown): number => (typeof value === 'number' ? value : now);
  const participants = wanted['participants'];
  return {
    dialogId,
    dialogType: text(wanted['dialogType'], 'OTHER'),
    channelType: text(wanted['channelType'], 'COBROWSE'),
    state: wanted['state'] === 'CLOSE' ? 'CLOSE' : 'OPEN',
    creationTs: number(wanted['creationTs']),
    metaDataLastUpdateTs: number(wanted['metaDataLastUpdateTs']),
    ...(metaData ? { metaData } : {}),
    ...(Array.isArray(participants) ? { participants: participants.map(String) } : {}),
  };
}

/** ADD, SUGGEST or REMOVE; without a `userId` it is the one who asks, or, to remove, everybody in that role. */
function changeParticipants({ brand, identity }: Connection, conversation: Conversation, field: Json): void {
  const self = brand.users.find(({ name }) => name === identity?.id);
  const given = text(field['userId']).split('.').at(-1) ?? '';
  const role = text(field['role'], 'AGENT');
  const seat = brand.seat(given || (self?.userId ?? ''), role, field['type'] === 'SUGGEST' ? 'SUGGESTED' : undefined);
  const remove = field['type'] === 'REMOVE';
  conversation.agents = conversation.agents.filter((one) => one.role !== role || (one.userId !== seat.userId && !(remove && given === '')));
  if (!remove) conversation.agents.push(seat);
  touch(conversation);
}
