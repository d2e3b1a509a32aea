import type { AgentCredentials, Instant } from '#libs/core';
import { discover } from './discovery.ts';
import type { LivePersonHttp } from './liveperson-http.ts';
import { logIn } from './login.ts';
import { MessagingSocket, type SocketOptions } from './messaging-socket.ts';
import { StreamTrouble } from './trouble.ts';

/** How far back ends of conversations are asked for, at least and at most: no session lives for longer than a day. */
const HEAL_MS = 15 * 60_000;
const LONGEST_MS = 25 * 3_600_000;
/** Clocks differ, and what was under way when a connection broke was not heard. */
const OVERLAP_MS = 60_000;

/** Who listens: an agent to all of an account, or one visitor. */
export type Listener = { kind: 'brand'; credentials: AgentCredentials } | { kind: 'consumer'; token: string };

export interface Subscribing extends Pick<SocketOptions, 'onFrame' | 'onBytes' | 'times'> {
  http: LivePersonHttp;
  /** The directory's address. */
  base: string;
  accountId: string;
  listener: Listener;
  /** When LivePerson was last heard; null when it is not known. */
  heardAt: Instant | null;
  /** Told before each step, so that a trouble can be placed. */
  onStep?: (step: Step) => void;
}

export type Step = 'discovery' | 'login' | 'socket' | 'subscription';

export interface Subscription {
  /** Rejects with what ended it. */
  ended: Promise<never>;
  close(): void;
}

/**
 * Finds the services, logs in, connects and subscribes. From then on frames come: first those conversations that exist, which heals
 * whatever was missed, then changes. Throws a `StreamTrouble` and leaves nothing open.
 */
export async function subscribe(options: Subscribing, signal: AbortSignal): Promise<Subscription> {
  const { http, base, accountId, listener, onStep = () => {} } = options;
  onStep('discovery');
  const services = await discover(http, base, accountId, signal);
  const account = `/ws_api/account/${encodeURIComponent(accountId)}/messaging`;
  const closing: (() => void)[] = [];
  const close = (): void => closing.splice(0).forEach((each) => each());
  try {
    if (listener.kind === 'consumer') {
      onStep('socket');
      const url = `${services.messaging}${account}/consumer?v=3`;
      const socket = await MessagingSocket.open({ ...options, url, clockRequest: 'GetClock' }, signal);
      closing.push(() => socket.close());
      onStep('subscription');
      const headers = [CLIENT, { type: '.ams.headers.ConsumerAuthentication', jwt: listener.token }];
      await socket.request('InitConnection', {}, { headers });
      await socket.request('cqm.SubscribeExConversations', { minLastUpdatedTime: since(options.heardAt), ...ALL });
      return { ended: socket.ended, close };
    }
    onStep('login');
    const login = await logIn(http, { base: services.login, accountId, credentials: listener.credentials }, signal);
    closing.push(() => login.close());
    onStep('socket');
    const url = `${services.messaging}${account}/brand/${encodeURIComponent(login.bearer)}?v=2.1`;
    const socket = await MessagingSocket.open({ ...options, url, clockRequest: '.GetClock' }, signal);
    closing.push(() => socket.close());
    onStep('subscription');
    await socket.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] });
    await hearEnds(socket, options.heardAt);
    return { ended: socket.ended, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * What ended while nobody listened is in no list of open conversations: those that closed since are asked for once. A service that
 * does not take the question is listened to all the same; what it did not say ends by our own clock.
 */
async function hearEnds(socket: MessagingSocket, heardAt: Instant | null): Promise<void> {
  const closed = { convState: ['CLOSE'], minLastUpdatedTime: since(heardAt) };
  try {
    const { subscriptionId } = await socket.request('.ams.aam.SubscribeExConversations', closed);
    // The list follows the answer on the same connection; what the open ones become is heard by the first subscription.
    await socket.request('.ams.aam.UnsubscribeExConversations', { subscriptionId });
  } catch (error) {
    if (!(error instanceof StreamTrouble && error.code === 'unexpected_answer')) throw error;
  }
}

function since(heardAt: Instant | null): Instant {
  const now = Date.now();
  return Math.max(Math.min(heardAt ?? now, now - HEAL_MS) - OVERLAP_MS, now - LONGEST_MS);
}

const ALL = { convState: ['OPEN', 'CLOSE'], stage: ['OPEN', 'CLOSE'] };

/** Without `CO_BROWSE` among the features no invitation comes (messaging window API, client properties). */
const CLIENT = {
  type: '.ams.headers.ClientProperties',
  appId: 'cobridge',
  deviceFamily: 'DESKTOP',
  os: 'OTHER',
  integration: 'WEB_SDK',
  features: ['CO_BROWSE', 'MULTI_DIALOG', 'AUTO_MESSAGES', 'RICH_CONTENT'],
};
