import { randomUUID } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { Handler } from './handler.ts';
import { agentFilter, consumerFilter } from './subscription.ts';
import { text } from './text.ts';

/** A consumer says who it is, with a token among the frame's headers. */
export const initConnection: Handler = (connection, { headers }) => {
  const { side, identity, brand, knobs, ws } = connection;
  if (side === 'agent' || identity) throw new Refusal(400, 'This connection is authenticated already.');
  const list: unknown[] = Array.isArray(headers) ? headers : [headers];
  const jwt = list.map((header) => (header !== null && typeof header === 'object' && 'jwt' in header ? text(header.jwt) : '')).join('');
  const token = brand.tokens.check(jwt);
  if (!token) {
    queueMicrotask(() => ws.close(knobs.badConsumerToken >= 1000 ? knobs.badConsumerToken : 4401));
    throw new Refusal(401, 'The token is missing, wrong or has ended.');
  }
  connection.identify({ id: token.consumerId, endsAt: () => token.endsAt });
  return { body: 'Connection is initialised' };
};

/** First the answer, then all that matches, then what changes. Who may not see the whole account has to name itself in `agentIds`. */
export const subscribe: Handler = (connection, { body }) => {
  const { side, brand, identity, journal } = connection;
  const user = brand.users.find(({ name }) => name === identity?.id);
  if (side === 'agent' && !user?.seesAll) {
    const mine = [user?.userId, user?.pid, `${brand.id}.${user?.userId}`];
    const asked: unknown[] = [body['agentIds'] ?? []].flat();
    if (asked.length === 0 || !asked.every((id) => mine.includes(text(id))))
      throw new Refusal(403, 'This user may only subscribe to its own conversations.');
  }
  const id = randomUUID();
  const matches = side === 'agent' ? agentFilter(body) : consumerFilter(body, () => connection.identity?.id ?? '');
  const subscription = { id, matches, members: new Set<string>() };
  return {
    body: { subscriptionId: id },
    type: { agent: '.ams.aam.SubscribeExConversations$Response', consumer: 'cqm.SubscribeExConversationsResponse' },
    after: () => {
      connection.subscriptions.set(id, subscription);
      connection.replay(subscription);
      journal.add('subscription', { account: brand.id, side, subscriptionId: id });
    },
  };
};

export const unsubscribe: Handler = ({ subscriptions, journal, brand, side }, { body }) => {
  const subscriptionId = text(body['subscriptionId']);
  if (!subscriptions.delete(subscriptionId)) throw new Refusal(404, 'There is no such subscription.');
  journal.add('unsubscription', { account: brand.id, side, subscriptionId });
  return { body: 'Subscription is removed' };
};

/** A subscription to what never happens here: agents' states, routing. */
export const noSubscription: Handler = agentOnly(() => ({ body: { subscriptionId: randomUUID() } }));

export function agentOnly(handler: Handler): Handler {
  return (connection, asked) => {
    if (connection.side !== 'agent') throw new Refusal(403, 'Only for agents.');
    return handler(connection, asked);
  };
}
