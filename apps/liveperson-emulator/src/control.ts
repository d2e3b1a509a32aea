import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Brand } from './account.ts';
import type { AccountOptions } from './account-options.ts';
import type { Emulator } from './emulator.ts';
import { readJson, send } from './http-body.ts';
import { Refusal } from './refusal.ts';
import { pathOf, text } from './text.ts';

type Json = Record<string, unknown>;
type Action = (context: { emulator: Emulator; ids: string[]; body: Json }) => unknown;

const ACCOUNT = '/emulator/accounts/([^/]+)';
const CONVERSATION = `${ACCOUNT}/conversations/([^/]+)`;
const DIALOG = `${CONVERSATION}/dialogs/([^/]+)`;

/**
 * The door for people and other languages: what the in-process API does, over HTTP. Loopback only, and not for pages of other origins.
 * Bodies and answers are JSON; an empty body is fine where nothing has to be said.
 */
const ACTIONS: readonly [method: string, path: string, action: Action][] = [
  ['GET', '/emulator', ({ emulator }) => state(emulator)],
  ['GET', '/emulator/happenings', ({ emulator }) => emulator.journal.all.slice(-500)],
  ['PATCH', '/emulator/knobs', ({ emulator, body }) => (emulator.knobs.set(body), emulator.knobs)],
  ['DELETE', '/emulator/knobs', ({ emulator }) => (emulator.knobs.reset(), emulator.knobs)],
  ['POST', '/emulator/drop', ({ emulator, body }) => (emulator.drop(closeCode(body['code'])), { sockets: emulator.sockets })],
  ['POST', '/emulator/accounts', ({ emulator, body }) => ({ id: emulator.addAccount(accountOptions(body)).id })],
  ['POST', `${ACCOUNT}/bearers`, ({ emulator, ids, body }) => ({ bearer: brand(emulator, ids).bearer(needed(body, 'user')) })],
  [
    'POST',
    `${ACCOUNT}/consumer-tokens`,
    ({ emulator, ids, body }) => ({
      jwt: brand(emulator, ids).consumerToken(needed(body, 'consumerId'), { seconds: Number(body['seconds'] ?? 3600) }),
    }),
  ],
  ['POST', `${ACCOUNT}/raw`, ({ emulator, ids, body }) => (brand(emulator, ids).sendRaw(needed(body, 'frame')), {})],
  ['POST', `${ACCOUNT}/conversations`, ({ emulator, ids, body }) => brand(emulator, ids).openConversation(body)],
  ['GET', CONVERSATION, ({ emulator, ids: [account, id] }) => brand(emulator, [account ?? '']).conversation(id ?? '')],
  ['DELETE', CONVERSATION, ({ emulator, ids: [account, id] }) => (brand(emulator, [account ?? '']).forget(id ?? ''), {})],
  [
    'POST',
    `${CONVERSATION}/invite`,
    ({ emulator, ids: [account, id], body }) => ({ dialogId: brand(emulator, [account ?? '']).invite(id ?? '', body) }),
  ],
  [
    'POST',
    `${CONVERSATION}/close`,
    ({ emulator, ids: [account, id] }) => (brand(emulator, [account ?? '']).closeConversation(id ?? ''), {}),
  ],
  [
    'POST',
    `${CONVERSATION}/say`,
    ({ emulator, ids: [account, id], body }) => ({ sequence: brand(emulator, [account ?? '']).say(id ?? '', needed(body, 'text')) }),
  ],
  [
    'POST',
    `${CONVERSATION}/step-up`,
    ({ emulator, ids: [account, id], body }) => (brand(emulator, [account ?? '']).stepUp(id ?? '', needed(body, 'consumerId')), {}),
  ],
  [
    'POST',
    `${DIALOG}/(accept|join|cancel)`,
    ({ emulator, ids: [account, id, dialog, verb] }) => (
      brand(emulator, [account ?? ''])[verb as 'accept' | 'join' | 'cancel'](id ?? '', dialog ?? ''),
      {}
    ),
  ],
  [
    'PATCH',
    DIALOG,
    ({ emulator, ids: [account, id, dialog], body }) => (brand(emulator, [account ?? '']).update(id ?? '', dialog ?? '', body), {}),
  ],
];

export async function control(emulator: Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (!isLoopback(request.socket.remoteAddress ?? '') || request.headers.origin !== undefined)
      throw new Refusal(403, 'Only for this machine, and not for pages.');
    const pathname = pathOf(request.url);
    const body = await readJson(request);
    for (const [method, path, action] of ACTIONS) {
      const match = new RegExp(`^${path}$`).exec(pathname);
      if (match && method === request.method)
        return send(response, 200, action({ emulator, ids: match.slice(1).map(decodeURIComponent), body }));
    }
    throw new Refusal(404, 'Nothing is here. GET /emulator shows the state; the README lists what can be done.');
  } catch (error) {
    send(response, error instanceof Refusal ? error.code : 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function brand(emulator: Emulator, [id = '']: string[]): Brand {
  const found = emulator.accounts.get(id);
  if (!found) throw new Refusal(404, `There is no account ${id}.`);
  return found;
}

function state({ url, knobs, sockets, journal, accounts }: Emulator): Json {
  return {
    url,
    sockets,
    counts: Object.fromEntries(
      (['attempt', 'login', 'refresh', 'request', 'subscription', 'notification', 'webhook'] as const).map((kind) => [
        kind,
        journal.count(kind),
      ]),
    ),
    accounts: [...accounts.values()].map(({ id, users, conversations }) => ({
      id,
      users: users.map(({ name, userId, pid, seesAll }) => ({ name, userId, pid, seesAll: seesAll === true })),
      conversations: [...conversations.values()].map((one) => ({
        id: one.id,
        consumerId: one.consumerId,
        stage: one.stage,
        dialogs: one.dialogs.map(({ dialogId, dialogType, channelType, state: open, metaData }) => ({
          dialogId,
          dialogType,
          channelType,
          state: open,
          sessionState: metaData?.['sessionState'],
        })),
      })),
    })),
    knobs,
  };
}

function accountOptions(body: Json): AccountOptions {
  if (typeof body['id'] !== 'string' || !Array.isArray(body['users'])) throw new Refusal(400, 'An account has an id and users.');
  return body as unknown as AccountOptions;
}

function needed(body: Json, name: string): string {
  const value = text(body[name]);
  if (value === '') throw new Refusal(400, `"${name}" is missing.`);
  return value;
}

function closeCode(code: unknown): number | undefined {
  if (code === undefined) return undefined;
  if (typeof code !== 'number') throw new Refusal(400, 'A close code is a number.');
  return code;
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
