import type { ContentEvent, Conversation, Dialog } from './conversation.ts';
import type { Knobs } from './knobs.ts';

type Json = Record<string, unknown>;

/** Whose wire: agents get the raw form, consumers and webhooks the newer one. */
export type Side = 'agent' | 'consumer';

/** Lists that may arrive as their only element. */
const MAY_BE_BARE = new Set(['changes', 'dialogs', 'participants', 'participantsDetails']);

/** One conversation as `changes[].result` on the wire of that side, in the shapes that the knobs ask for. */
export function result(accountId: string, conversation: Conversation, side: Side, knobs: Knobs): Json {
  const last = conversation.events.at(-1);
  return {
    convId: conversation.id,
    effectiveTTR: conversation.stage === 'OPEN' ? conversation.startTs + 600_000 : -1,
    ...(side === 'agent' ? { lastUpdateTime: conversation.lastUpdateTime, numberOfunreadMessages: unread(accountId, conversation) } : {}),
    conversationDetails: details(accountId, conversation, side, knobs),
    ...(last && knobs.lastContentEvent ? { lastContentEventNotification: contentEvent(accountId, last, side) } : {}),
    ...(knobs.unknownFields ? { shadowRank: 7 } : {}),
  };
}

/** A change as it stands in `changes`; `bareElements` goes through all of it. */
export function body(changes: Json[], extra: Json, knobs: Knobs): Json {
  const whole = { ...extra, changes };
  return knobs.bareElements ? (bare(whole) as Json) : whole;
}

/** An event as `lastContentEventNotification` and in `changes` of a messages' notification. */
export function contentEvent(accountId: string, event: ContentEvent, side: Side): Json {
  const { originatorRole, originatorPId, ...rest } = event;
  const agent = originatorRole !== 'CONSUMER';
  return {
    ...rest,
    originatorId: side === 'agent' && agent ? `${accountId}.${event.originatorId}` : originatorPId,
    ...(side === 'agent' ? { originatorPId } : {}),
    originatorMetadata: { id: originatorPId, role: originatorRole },
  };
}

function details(accountId: string, conversation: Conversation, side: Side, knobs: Knobs): Json {
  const { id, agents, consumerId } = conversation;
  const seated = agents.filter(({ state }) => state !== 'SUGGESTED');
  const shape = knobs.conversationParticipants === 'own' ? (side === 'agent' ? 'BC' : 'A') : knobs.conversationParticipants;
  const list = [{ id: consumerId, role: 'CONSUMER' }, ...seated.map(({ pid, role }) => ({ id: pid, role }))];
  return {
    ...(side === 'agent' ? { convId: id, note: '', groupId: '' } : {}),
    skillId: conversation.skillId,
    brandId: accountId,
    ...(shape === 'A' ? { participants: list } : {}),
    ...(shape.includes('B') ? { participants: byRole(consumerId, seated, (agent) => `${accountId}.${agent.userId}`) } : {}),
    ...(shape.includes('C') ? { participantsPId: byRole(consumerId, seated, (agent) => agent.pid) } : {}),
    ...(knobs.dialogs ? { dialogs: conversation.dialogs.map((dialog) => dialogShape(accountId, conversation, dialog, side, knobs)) } : {}),
    state: conversation.state,
    stage: conversation.stage,
    ...(conversation.closeReason === undefined ? {} : { closeReason: conversation.closeReason, endTs: conversation.endTs }),
    startTs: conversation.startTs,
    metaDataLastUpdateTs: conversation.metaDataLastUpdateTs,
    firstConversation: false,
    csatRate: 0,
    ttr: { ttrType: 'NORMAL', value: 600 },
    ...(side === 'agent' ? { context: context(conversation), campaignInfo: { campaignId: 3001, engagementId: 4001 } } : {}),
    conversationHandlerDetails: { accountId, skillId: conversation.skillId },
    ...(knobs.unknownFields ? { sentimentBand: 'MILD', ladder: [{ rung: 1 }] } : {}),
  };
}

function dialogShape(accountId: string, conversation: Conversation, dialog: Dialog, side: Side, knobs: Knobs): Json {
  const { participants, metaData, ...plain } = dialog;
  const cobrowse = dialog.channelType === 'COBROWSE';
  const { dialogId, dialogType, channelType } = dialog;
  if (cobrowse && knobs.sparseClosed && metaData?.['sessionState'] === 'CLOSED')
    return { dialogId, dialogType, channelType, metaData: { sessionState: 'CLOSED' } };
  return {
    ...plain,
    ...(metaData === undefined ? {} : { metaData }),
    ...(cobrowse && knobs.cobrowseParticipants !== 'none'
      ? { participants: participants ?? pair(accountId, conversation, knobs.cobrowseParticipants) }
      : {}),
    ...((cobrowse ? knobs.cobrowseParticipantsDetails : knobs.dialogParticipants === 'D')
      ? { participantsDetails: participantsDetails(accountId, conversation, side) }
      : {}),
    ...(knobs.unknownFields ? { lane: 'EXPRESS' } : {}),
  };
}

function participantsDetails(accountId: string, { consumerId, agents }: Conversation, side: Side): Json[] {
  return [
    { id: consumerId, role: 'CONSUMER', state: 'ACTIVE' },
    ...agents.map(({ userId, pid, role, state }) => ({
      id: side === 'agent' ? `${accountId}.${userId}` : pid,
      role,
      state: state ?? 'ACTIVE',
    })),
  ];
}

function pair(accountId: string, { consumerId, agents }: Conversation, between: string): string[] {
  const agent = agents.find(({ role }) => role === 'ASSIGNED_AGENT') ?? agents[0];
  return agent ? [consumerId, `${accountId}${between}${agent.userId}`] : [consumerId];
}

function byRole<Agent extends { role: string }>(
  consumerId: string,
  agents: Agent[],
  id: (agent: Agent) => string,
): Record<string, string[]> {
  const map: Record<string, string[]> = { CONSUMER: [consumerId] };
  for (const agent of agents) (map[agent.role] ??= []).push(id(agent));
  return map;
}

const unread = (accountId: string, { consumerId, agents }: Conversation): Json =>
  Object.fromEntries([consumerId, ...agents.map(({ userId }) => `${accountId}.${userId}`)].map((id) => [id, 0]));

const context = ({ features, visitorId, sessionId }: Conversation): Json => ({
  type: 'SharkContext',
  lang: 'en-GB',
  visitorId,
  sessionId,
  interactionContextId: '1',
  clientProperties: {
    type: '.ClientProperties',
    appId: 'webAsync',
    deviceFamily: 'DESKTOP',
    os: 'LINUX',
    integration: 'WEB_SDK',
    integrationVersion: '3.0.90',
    features,
  },
});

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      Array.isArray(item) && item.length === 1 && MAY_BE_BARE.has(key) ? bare(item[0]) : bare(item),
    ]),
  );
}
