import type { ConnectCode } from '#libs/protocol';

/** What the page's author has to do about each way of the bridge to refuse a connection. */
const ADVICE: Record<ConnectCode, string> = {
  token_missing: 'The bridge got no page token. Pass `token` or `getToken` to start().',
  token_invalid: 'The bridge does not know this page token. Fetch it from POST /v1/accounts/:accountId/page-tokens of this same bridge.',
  token_expired: 'The page token has expired. Pass `getToken` to start(), so that a new one can be fetched.',
  origin_not_allowed: "This page's origin may not use the account. Add it to the account's setting `allowedOrigins`.",
  bad_request: 'The bridge did not understand this SDK. Load the SDK from the same bridge.',
  unavailable: 'The bridge cannot take this page right now. It is tried again.',
};

/** A refusal in the closed words; whatever else a server may say is something that can pass. */
export function refusalCode(data: unknown): ConnectCode {
  const code = typeof data === 'object' && data !== null ? (data as { code?: unknown }).code : undefined;
  return typeof code === 'string' && Object.keys(ADVICE).includes(code) ? (code as ConnectCode) : 'unavailable';
}

export const advice = (code: ConnectCode): string => ADVICE[code];
