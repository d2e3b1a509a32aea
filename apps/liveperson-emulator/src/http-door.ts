import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Brand } from './account.ts';
import type { User } from './account-options.ts';
import type { Emulator } from './emulator.ts';
import { Refusal, STATUS_WORDS } from './refusal.ts';
import { readJson, send } from './http-body.ts';
import { pathOf } from './text.ts';

type Json = Record<string, unknown>;

/** The services that this emulator is, at the address that the request came to. */
const SERVICES = ['asyncMessagingEnt', 'asyncMessaging', 'facadeMsg', 'agentVep', 'idp', 'adminArea'];

const ROUTES: readonly { method: string; path: RegExp; name: 'csds' | 'login' | 'refresh' | 'signup' }[] = [
  { method: 'GET', path: /^\/api\/account\/([^/]+)\/service(?:\/([^/]+))?\/baseURI\.json$/, name: 'csds' },
  { method: 'POST', path: /^\/api\/account\/([^/]+)\/login$/, name: 'login' },
  { method: 'POST', path: /^\/api\/account\/([^/]+)\/refresh$/, name: 'refresh' },
  { method: 'POST', path: /^\/api\/account\/([^/]+)\/signup$/, name: 'signup' },
];

/** CSDS, an agent's login and refresh, a consumer's sign-up. */
export async function httpDoor(emulator: Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { knobs, journal, accounts } = emulator;
  const pathname = pathOf(request.url);
  const found = ROUTES.map((route) => ({ ...route, match: route.path.exec(pathname) })).find(({ match }) => match !== null);
  const account = found?.match?.[1];
  const path = found?.name ?? 'unknown';
  let outcome = 200;
  try {
    const body = request.method === 'POST' ? await readJson(request) : {};
    if (knobs.httpDelayMs > 0) await sleep(knobs.httpDelayMs, undefined, { ref: false });
    if (!found) throw new Refusal(404, 'Nothing is here.');
    if (request.method !== found.method) throw new Refusal(405, `This takes ${found.method}.`);
    const told = knobs[`${found.name}Status`];
    if (told !== null) throw new Refusal(told, told === 451 ? 'The account is blocked.' : 'The emulator was told to say so.');
    const brand = accounts.get(account ?? '');
    if (!brand) throw new Refusal(404, 'There is no such account.');
    switch (found.name) {
      case 'csds':
        return send(response, 200, domains(brand, request, found.match?.[2]));
      case 'login':
        return login(emulator, brand, body, response);
      case 'refresh':
        return refresh(emulator, brand, body, request, response);
      case 'signup':
        return send(response, 200, { jwt: brand.consumerToken(randomUUID()) });
    }
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, String(error));
    outcome = refusal.code;
    const after: Record<string, string> = knobs.retryAfterSeconds === null ? {} : { 'retry-after': String(knobs.retryAfterSeconds) };
    send(response, refusal.code, refusalBody(path, refusal), after);
  } finally {
    journal.add('attempt', { account, path, outcome });
    if (path === 'login' || path === 'refresh') journal.add(path, { account, outcome });
  }
}

/** `error` and `internalCode` are what node-agent-sdk reads after a login; the rest of the body, and CSDS' and the idp's, are a guess. */
function refusalBody(path: string, { code, message }: Refusal): Json {
  if (path === 'login' || path === 'refresh') return { error: message, internalCode: String(code), statusCode: code };
  return { error: { statusCode: code, errorCode: String(code), message: STATUS_WORDS[code] ?? 'Error', debugMessage: message } };
}

function domains({ id }: Brand, request: IncomingMessage, name?: string): Json {
  const baseURI = request.headers.host ?? '127.0.0.1';
  const entry = (service: string): Json => ({ service, account: id, baseURI });
  if (name === undefined) return { baseURIs: SERVICES.map(entry) };
  if (!SERVICES.includes(name)) throw new Refusal(404, 'There is no such service.');
  // One entry or a list of one: public samples show both, so both are there.
  return { ...entry(name), baseURIs: [entry(name)] };
}

function login({ knobs }: Emulator, brand: Brand, body: Json, response: ServerResponse): void {
  const user = brand.users.find((one) => one.name === body['username']);
  if (body['assertion'] !== undefined) throw new Refusal(403, 'Single sign-on is not part of the emulator.');
  if (!user || !(passwordFits(user, body) || oauthFits(user, body))) throw new Refusal(401, 'Login failed: wrong credentials.');
  const { bearer, csrf, cookie } = brand.bearers.mint(user.name, knobs.bearerSeconds);
  const config = { userId: user.userId, userPid: user.pid, loginName: user.name, isAdmin: false, siteId: brand.id };
  send(response, 200, { csrf, bearer, config, sessionId: randomUUID(), sessionTTl: knobs.bearerSeconds }, cookieHeader(brand, cookie));
}

function refresh({ knobs }: Emulator, brand: Brand, body: Json, request: IncomingMessage, response: ServerResponse): void {
  const cookies = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name]) => name === `LPSession-${brand.id}`)
    .map(([, value]) => value ?? '');
  const session = brand.bearers.refresh(body['csrf'], cookies, knobs.bearerSeconds);
  if (!session) throw new Refusal(401, 'The session is unknown or has ended.');
  send(response, 200, { csrf: session.csrf, sessionTTl: knobs.bearerSeconds }, cookieHeader(brand, session.cookie));
}

const cookieHeader = ({ id }: Brand, cookie: string): Record<string, string> => ({
  'set-cookie': `LPSession-${id}=${cookie}; Path=/api/account/${id}; HttpOnly`,
});

const passwordFits = ({ password }: User, body: Json): boolean => same(body['password'], password);

function oauthFits({ oauth }: User, body: Json): boolean {
  return oauth !== undefined && Object.entries(oauth).every(([name, value]) => same(body[name], value));
}

function same(given: unknown, right: string): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
