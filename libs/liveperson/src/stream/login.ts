import type { AgentCredentials } from '#libs/core';
import { asText, asWire } from '../wire.ts';
import type { LivePersonHttp } from './liveperson-http.ts';
import { StreamTrouble } from './trouble.ts';

/** LivePerson ends a login that is not refreshed; its own agent SDK refreshes as often. */
const REFRESH_MS = 10 * 60_000;

/** An agent's login: its bearer, kept alive until `close`. */
export interface Login {
  bearer: string;
  close(): void;
}

/**
 * Logs an agent in at the account's login service and refreshes the login every ten minutes. A refresh that fails ends nothing: the
 * socket says when its bearer is no longer good. A bearer that was supplied is used as it is. Throws a `StreamTrouble`.
 */
export async function logIn(
  http: LivePersonHttp,
  { base, accountId, credentials }: { base: string; accountId: string; credentials: AgentCredentials },
  signal: AbortSignal,
  refreshMs = REFRESH_MS,
): Promise<Login> {
  if ('bearer' in credentials) return { bearer: credentials.bearer, close: () => {} };
  const account = `${base}/api/account/${encodeURIComponent(accountId)}`;
  const { data, headers } = await http.post(`${account}/login?v=1.3`, credentials, signal);
  const answer = asWire(data);
  // Some versions of the service answer 200 with an error in the body.
  if (answer.error !== undefined) throw new StreamTrouble('wrong_credentials');
  const bearer = typeof answer.bearer === 'string' ? answer.bearer : null;
  if (bearer === null || !TOKEN.test(bearer)) throw new StreamTrouble('unexpected_answer');

  const csrf = asText(answer.csrf);
  const cookie = cookiesOf(headers['set-cookie']);
  const refreshing = setInterval(() => {
    http.post(`${account}/refresh?v=1.3`, { csrf }, signal, cookie).catch(() => undefined);
  }, refreshMs).unref();
  return { bearer, close: () => clearInterval(refreshing) };
}

/** What may stand in an address and in a header without being rewritten. */
const TOKEN = /^[\w.~+/=-]{1,8192}$/;

function cookiesOf(set: string[] | undefined): Record<string, string> {
  const cookies = (set ?? []).map((cookie) => cookie.split(';', 1)[0]).filter(Boolean);
  return cookies.length > 0 ? { cookie: cookies.join('; ') } : {};
}
