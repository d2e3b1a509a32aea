import type { Conversation } from './conversation.ts';

/** A live query on conversations. `members` are those that it holds now, also those that a cap kept from being shown. */
export interface Subscription {
  id: string;
  matches: (conversation: Conversation) => boolean;
  members: Set<string>;
}

type Filter = Record<string, unknown>;

/** What an agent asked for: `convState`, `stage`, and agents in the numeric form, with or without the account, or as UUIDs. */
export function agentFilter(filter: Filter): Subscription['matches'] {
  const states = stateFilter(filter);
  const agents = list(filter['agentIds'])?.map((id) => id.split('.').at(-1));
  return (conversation) =>
    states(conversation) && (!agents || conversation.agents.some(({ userId, pid }) => agents.includes(userId) || agents.includes(pid)));
}

/** What a consumer asked for, always of its own conversations only. */
export function consumerFilter(filter: Filter, consumerId: () => string): Subscription['matches'] {
  const states = stateFilter(filter);
  const since = Number(filter['minLastUpdatedTime'] ?? 0);
  return (conversation) => states(conversation) && conversation.consumerId === consumerId() && !(conversation.lastUpdateTime < since);
}

function stateFilter(filter: Filter): Subscription['matches'] {
  const states = list(filter['convState']);
  const stages = list(filter['stage']);
  return ({ state, stage }) => (!states?.length || states.includes(state)) && (!stages?.length || stages.includes(stage));
}

/** A list of texts, or the one of them; `undefined` when there is none. */
function list(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return (Array.isArray(value) ? value : [value]).map(String);
}
