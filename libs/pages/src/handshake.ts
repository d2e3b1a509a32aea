import { randomUUID } from 'node:crypto';
import { Accounts } from '#libs/core';
import { textPattern } from '#libs/http';
import { PAGE_PROTOCOL, Problem } from '#libs/protocol';
import { type PageIdentity, type PageTokens, isOf } from './page-tokens.ts';

/** A page that was let in. `page` names the tab: by the id it gave, else by this connection. */
export interface Visit extends PageIdentity {
  page: string;
}

/** What is known of a page that wants in. */
export interface Knock {
  auth: Record<string, unknown>;
  /** The Origin header; browsers always send it, other clients need not. */
  origin: string | undefined;
}

export interface HandshakeOptions {
  /** Origins of the bridge's own pages; allowed for every account. */
  ownOrigins: readonly string[];
}

/** Decides whether a page may connect, and as whom. */
export class Handshake {
  constructor(
    private readonly tokens: PageTokens,
    private readonly accounts: Accounts,
    private readonly options: HandshakeOptions,
  ) {}

  /** Throws a `Problem` with one of `CONNECT_CODES`. */
  async admit({ auth, origin }: Knock): Promise<Visit> {
    const identity = await this.tokens.verify(auth['token']);
    if (auth['protocol'] !== PAGE_PROTOCOL)
      throw new Problem('bad_request', `Connect with auth: { protocol: ${PAGE_PROTOCOL} }; this bridge speaks no other.`);
    const account = await this.accounts.find(identity.accountId);
    if (!isOf(account, identity)) throw new Problem('token_invalid', 'The account of this page token does not exist any more.');
    if (origin !== undefined && !this.options.ownOrigins.includes(origin) && !account.settings.allowedOrigins.includes(origin)) {
      throw new Problem('origin_not_allowed', "Add this page's origin to the account's allowedOrigins.");
    }
    return { ...identity, page: pageName(auth['page']) };
  }
}

const LONGEST_ID = 64;
/** It is kept with the answer. */
const ID = textPattern(LONGEST_ID);

/** Text about the page is for people only and not kept, so its length is nobody's business; anything else about it is refused. */
function pageName(page: unknown): string {
  if (page === undefined || page === null) return `connection:${randomUUID()}`;
  if (typeof page !== 'object' || Array.isArray(page)) throw badPage();
  const { id, url, title, visible, ...unknown } = page as Record<string, unknown>;
  const texts = [id, url, title].every((text) => text === undefined || text === null || typeof text === 'string');
  const sound = texts && (visible === undefined || visible === null || typeof visible === 'boolean');
  if (!sound || Object.keys(unknown).length > 0 || (typeof id === 'string' && id !== '' && !ID.test(id))) throw badPage();
  return typeof id === 'string' && id !== '' ? `page:${id}` : `connection:${randomUUID()}`;
}

const badPage = (): Problem =>
  new Problem(
    'bad_request',
    `auth.page may have id (up to ${LONGEST_ID} characters, no control characters), url, title (text) and visible (true or false), nothing else.`,
  );
