import { randomUUID } from 'node:crypto';
import type { RunningProgram } from './program.ts';

export interface Reply<T = Record<string, never>> {
  status: number;
  headers: Headers;
  body: T;
}

/** An account of a program with a platform key and an app secret, and the calls that its owner makes. */
export interface TestAccount {
  id: string;
  platformKey: string;
  appSecret: string;
  call<T = any>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>;
  pageToken(visitorId: string): Promise<string>;
}

/** One HTTP call to a program. `path` begins with a slash. */
export async function call<T = any>(
  program: RunningProgram,
  method: string,
  path: string,
  options: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply<T>> {
  const { key, body, headers } = options;
  const response = await fetch(program.url + path, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: (json && text ? JSON.parse(text) : text) as T };
}

/** A new account on the program; nobody else's in it, which other files may use, too, unless an id is given. */
export async function createAccount(program: RunningProgram, settings: object = {}, id = `brand-${randomUUID()}`): Promise<TestAccount> {
  const appSecret = `app-secret-of-${id}`;
  const { status, body } = await call(program, 'POST', '/v1/accounts', {
    key: program.adminKey,
    body: { id, name: `The brand ${id}`, settings: { liveperson: { appSecret }, ...settings } },
  });
  if (status !== 201) throw new Error(`The account was not created: ${status} ${JSON.stringify(body)}`);
  const { platformKey } = body as { platformKey: string };
  const account: TestAccount = {
    id,
    platformKey,
    appSecret,
    call: (method, path, payload, headers) =>
      call(program, method, `/v1/accounts/${id}${path}`, { key: platformKey, body: payload, ...(headers ? { headers } : {}) }),
    pageToken: async (visitorId) => (await account.call('POST', '/page-tokens', { visitorId })).body.token as string,
  };
  return account;
}
