import type { ConnectCode } from '#libs/protocol';

/** What the page's author has to do about each way of the bridge to refuse a connection. */
const ADVICE: Record<ConnectCode, string> = {
  token_missing: 'Pass `token` or `getToken` to start().',
  token_invalid: 'The page token is not of this bridge. Get one by POST /v1/accounts/:accountId/page-tokens.',
  token_expired: 'The page token has expired. Pass `getToken` to start() to have it renewed.',
  origin_not_allowed: "Add this page's origin to the account's setting `allowedOrigins`.",
  bad_request: 'The bridge does not understand this SDK. Load it from the same bridge.',
  unavailable: 'The bridge cannot take this page right now and is tried again.',
};

/** A refusal in the closed words; whatever else a server may say is something that can pass. */
export function refusalCode(data: unknown): ConnectCode {
  const code = typeof data === 'object' && data !== null ? (data as { code?: unknown }).code : undefined;
  return typeof code === 'string' && Object.keys(ADVICE).includes(code) ? (code as ConnectCode) : 'unavailable';
}

const NO_ORIGIN = 'No account can allow a page without an origin: a file, or a sandboxed frame without `allow-same-origin`.';

/** `origin` is the page's, as the browser tells it to others. */
export const advice = (code: ConnectCode, origin: string): string =>
  code === 'origin_not_allowed' && origin === 'null' ? NO_ORIGIN : ADVICE[code];
