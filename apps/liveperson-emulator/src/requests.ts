import type { Connection } from './connection.ts';
import { messages, publish, requestConversation, update } from './conversation-requests.ts';
import { type Handler, type Json, object } from './handler.ts';
import { Refusal, errorBody } from './refusal.ts';
import { agentOnly, initConnection, noSubscription, subscribe, unsubscribe } from './subscription-requests.ts';
import { text } from './text.ts';
import { wireJson } from './wire-json.ts';

/**
 * The requests that are understood, by the last part of their type, so with and without `.ams.` and the like. Agents' answers are
 * called `<type>$Response` [known]; consumers' have the names in the handlers [known, but for InitConnection's]. The rest gets 400.
 */
const HANDLERS: Readonly<Record<string, Handler>> = {
  GetClock: () => ({ body: { currentTime: Date.now() }, type: { agent: '.GetClock$Response', consumer: 'GetClockResponse' } }),
  InitConnection: initConnection,
  SubscribeExConversations: subscribe,
  UnsubscribeExConversations: unsubscribe,
  SubscribeMessagingEvents: messages,
  QueryMessages: messages,
  PublishEvent: publish,
  ConsumerRequestConversation: requestConversation,
  UpdateConversationField: update,
  SetAgentState: agentOnly(() => ({ body: 'Agent state is set' })),
  SubscribeAgentsState: noSubscription,
  SubscribeRoutingTasks: noSubscription,
  GetUserProfile: agentOnly(() => ({ body: { firstName: 'Robin', lastName: 'Emulated', privateData: {}, claims: {} } })),
};

/** The answer to one frame, as text; none while the emulator is silent. Notifications that it leads to follow by themselves. */
export function answer(connection: Connection, frame: string): string | undefined {
  const { side, brand, journal, knobs } = connection;
  let asked: Json;
  try {
    asked = object(JSON.parse(frame));
  } catch {
    return wireJson(failure(undefined, 400, 'This is not a JSON object.'));
  }
  const { id, kind } = asked;
  const type = text(asked['type']);
  const name = type.slice(type.lastIndexOf('.') + 1);
  journal.add('request', { account: brand.id, side, type, body: asked['body'] });
  if (knobs.silent) return undefined;
  try {
    if (kind !== 'req' || text(id) === '') throw new Refusal(400, 'A request has kind "req" and an id.');
    if (knobs.requestStatus !== null && (knobs.requestStatusFor === null || type.endsWith(knobs.requestStatusFor)))
      throw new Refusal(knobs.requestStatus, 'The emulator was told to say so.');
    if (!connection.identity && name !== 'InitConnection') throw new Refusal(401, 'InitConnection comes first.');
    const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
    if (!handler) throw new Refusal(400, `The type ${type} is unknown.`);
    const reply = handler(connection, { body: object(asked['body'] ?? {}), headers: asked['headers'] });
    if (reply.after) queueMicrotask(reply.after);
    const answerType = reply.type?.[side] ?? (side === 'agent' ? `${type}$Response` : 'StringResponse');
    return wireJson({ kind: 'resp', reqId: text(id), code: 200, type: answerType, body: reply.body ?? {} }, knobs.javaDoubles);
  } catch (error) {
    return wireJson(error instanceof Refusal ? failure(id, error.code, error.message) : failure(id, 500, String(error)));
  }
}

const failure = (id: unknown, code: number, details: string): Json => ({
  kind: 'resp',
  ...(text(id) === '' ? {} : { reqId: text(id) }),
  code,
  type: '.ReqBody$ErrorResp',
  body: errorBody(code, details),
});
