import { randomBytes } from 'node:crypto';

/** For LivePerson the account's id is the site id. */
const ACCOUNT_ID = '12345678';

/**
 * An account whose pages are at `origin`, as an admin makes it once. `call` is the brand's server at the bridge:
 * `call('POST', '/page-tokens', { visitorId })`.
 */
export async function openAccount(bridge, origin) {
  // What LivePerson signs its webhooks with. An account of another platform needs none.
  const appSecret = randomBytes(24).toString('base64url');
  const { account, platformKey } = await request(`${bridge.url}/v1/accounts`, bridge.adminKey, 'POST', {
    id: ACCOUNT_ID,
    name: 'Alder & Ash',
    settings: {
      // Exactly as browsers name it: no path, no wildcard.
      allowedOrigins: [origin],
      callbacks: [{ url: `${origin.replace('localhost', '127.0.0.1')}/cobrowse-events` }],
      liveperson: { appSecret },
    },
  });
  return {
    id: ACCOUNT_ID,
    appSecret,
    // Both are shown this once. They stay on the server.
    platformKey,
    callbackSecret: account.settings.callbacks[0].secret,
    call: (method, path, body) => request(`${bridge.url}/v1/accounts/${ACCOUNT_ID}${path}`, platformKey, method, body),
  };
}

/** One call of the bridge's HTTP API. Throws the bridge's own words when it says no. */
async function request(url, key, method, body) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return answer.json();
  // RFC 9457: `detail` is for people, `code` is for programs.
  const { code, title, detail = title } = await answer.json();
  throw Object.assign(new Error(detail), { code });
}
