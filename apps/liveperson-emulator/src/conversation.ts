import { randomUUID } from 'node:crypto';
import type { Knobs } from './knobs.ts';

export type MetaData = Record<string, unknown>;

/** A dialog as the service keeps it; how it looks on a wire is the business of `shapes.ts`. Instants are epoch milliseconds. */
export interface Dialog {
  dialogId: string;
  dialogType: string;
  channelType: string;
  state: 'OPEN' | 'CLOSE';
  creationTs: number;
  endTs?: number;
  metaDataLastUpdateTs: number;
  closedBy?: string;
  closedCause?: string;
  metaData?: MetaData;
  /** What an agent's client wrote into `participants`; without it the emulator fills in consumer and agent. */
  participants?: string[];
}

/** An event in a dialog. */
export interface ContentEvent {
  sequence: number;
  originatorId: string;
  originatorPId: string;
  originatorRole: string;
  serverTimestamp: number;
  event: Record<string, unknown>;
  dialogId: string;
}

/** An agent in a conversation: the numeric user id, the UUID, the role. */
export interface AgentSeat {
  userId: string;
  pid: string;
  role: string;
  state?: string;
}

export interface Conversation {
  id: string;
  consumerId: string;
  agents: AgentSeat[];
  skillId: string;
  state: 'OPEN' | 'CLOSE';
  stage: 'OPEN' | 'CLOSE';
  closeReason?: string;
  startTs: number;
  endTs?: number;
  lastUpdateTime: number;
  metaDataLastUpdateTs: number;
  dialogs: Dialog[];
  events: ContentEvent[];
  features: string[];
  visitorId: string;
  sessionId: string;
}

export interface NewConversation {
  consumerId: string;
  agent: AgentSeat | undefined;
  skillId?: string;
  features?: string[];
}

export function newConversation({ consumerId, agent, skillId = '-1', features }: NewConversation): Conversation {
  const id = randomUUID();
  const now = Date.now();
  return {
    id,
    consumerId,
    agents: agent ? [agent] : [],
    skillId,
    state: 'OPEN',
    stage: 'OPEN',
    startTs: now,
    lastUpdateTime: now,
    metaDataLastUpdateTs: now,
    dialogs: [{ dialogId: id, dialogType: 'MAIN', channelType: 'MESSAGING', state: 'OPEN', creationTs: now, metaDataLastUpdateTs: now }],
    events: [],
    features: features ?? ['CO_BROWSE', 'MULTI_DIALOG', 'PHOTO_SHARING', 'RICH_CONTENT'],
    visitorId: randomUUID().replaceAll('-', '').slice(0, 22),
    sessionId: randomUUID().replaceAll('-', '').slice(0, 22),
  };
}

/**
 * Stamps a change of the conversation's own data. Never the same instant twice, so that the newest of two can be told;
 * whether LivePerson's service takes that care is a guess.
 */
export function touch(conversation: Conversation, dialog?: Dialog): number {
  const now = Math.max(Date.now(), conversation.metaDataLastUpdateTs + 1);
  conversation.metaDataLastUpdateTs = now;
  conversation.lastUpdateTime = now;
  if (dialog) dialog.metaDataLastUpdateTs = now;
  return now;
}

export const openCobrowse = (conversation: Conversation): Dialog | undefined =>
  conversation.dialogs.find(({ channelType, state }) => channelType === 'COBROWSE' && state === 'OPEN');

export function updateMetaData(dialog: Dialog, metaData: MetaData | undefined, how: Knobs['metaData']): void {
  if (metaData) dialog.metaData = how === 'merge' ? { ...dialog.metaData, ...metaData } : { ...metaData };
}

function closeDialog(conversation: Conversation, dialog: Dialog, closedBy?: string, closedCause?: string): void {
  if (dialog.state === 'CLOSE') return;
  dialog.state = 'CLOSE';
  dialog.endTs = touch(conversation, dialog);
  if (closedBy !== undefined && dialog.channelType !== 'COBROWSE') dialog.closedBy = closedBy;
  if (closedCause !== undefined) dialog.closedCause = closedCause;
}

/** Closes MAIN; with it the conversation, unless a survey follows, which then has to be closed itself. */
export function closeMain(conversation: Conversation, by: string, survey: boolean, cause?: string): void {
  const main = conversation.dialogs.find(({ dialogType }) => dialogType === 'MAIN');
  if (main) closeDialog(conversation, main, by, cause);
  conversation.state = 'CLOSE';
  if (!survey) return closeConversation(conversation, by);
  const now = touch(conversation);
  conversation.dialogs.push({
    dialogId: randomUUID().replaceAll('-', '').slice(0, 22),
    dialogType: 'POST_SURVEY',
    channelType: 'MESSAGING',
    state: 'OPEN',
    creationTs: now,
    metaDataLastUpdateTs: now,
    metaData: { appInstallId: randomUUID() },
  });
}

/** Closes the conversation and all that is open in it. The metaData of a COBROWSE dialog stay as they are: nobody writes them then. */
export function closeConversation(conversation: Conversation, by: string): void {
  for (const dialog of conversation.dialogs) closeDialog(conversation, dialog, by);
  conversation.state = 'CLOSE';
  conversation.stage = 'CLOSE';
  conversation.closeReason = by;
  conversation.endTs = touch(conversation);
}
