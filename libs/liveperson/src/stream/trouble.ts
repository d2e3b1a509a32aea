/** Why a stream is not subscribed, in words for the person who has to do something about it. */
export const TROUBLES = {
  unreachable: 'LivePerson could not be reached. Check the network, DNS and any proxy or firewall between the bridge and *.liveperson.net.',
  unknown_account: 'LivePerson does not know this account. The account id must be the LivePerson site id.',
  unexpected_answer: 'LivePerson answered with something that is not its protocol. Check that nothing in between rewrites the traffic.',
  wrong_credentials: 'LivePerson refused the credentials. Check the user name, the password or keys, and that the user is enabled.',
  account_blocked: 'LivePerson has blocked this account or user. Ask LivePerson support.',
  missing_permission: 'The user may not listen to all conversations. Give it a profile with the permission to see all of them.',
  token_expired:
    'The token is no longer valid. With a login the bridge gets a new one by itself; one that was supplied has to be supplied anew.',
  identity_expired: "The visitor's identity has to be renewed at LivePerson. Supply a new token for the visitor.",
  rate_limited: 'LivePerson asks for fewer requests. The bridge waits longer before it tries again.',
  platform_error: 'LivePerson has an internal trouble. The bridge tries again.',
  connection_lost: 'The connection was lost. The bridge connects again.',
  silent: 'The connection was open but LivePerson no longer answered. The bridge connects again.',
  frame_too_large: 'LivePerson sent a message larger than the bridge accepts (64 MB).',
  store_unavailable: "The bridge's own store did not answer, so nothing could be written. The bridge listens again when it does.",
} as const;

export type TroubleCode = keyof typeof TROUBLES;

/** When to try again: `soon` with growing pauses, `later` with long ones so that nobody is locked out, `never` before a change. */
const PATIENCE: Partial<Record<TroubleCode, 'later' | 'never'>> = {
  unknown_account: 'later',
  wrong_credentials: 'later',
  account_blocked: 'later',
  missing_permission: 'later',
  frame_too_large: 'later',
  identity_expired: 'never',
};

/** The end of an attempt or of a connection. It holds a code and nothing of what was sent: tokens stand in addresses and bodies. */
export class StreamTrouble extends Error {
  /** At least so long before the next try, when LivePerson said so; milliseconds. */
  readonly retryAfterMs: number;

  constructor(
    readonly code: TroubleCode,
    { retryAfterMs = 0 }: { retryAfterMs?: number } = {},
  ) {
    super(TROUBLES[code]);
    this.retryAfterMs = retryAfterMs;
  }

  get retry(): 'soon' | 'later' | 'never' {
    return PATIENCE[this.code] ?? 'soon';
  }
}
