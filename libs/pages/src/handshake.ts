import { randomUUID } from 'node:crypto';
import { Accounts } from '#libs/core';
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

/** Text about the page is for people only and bounded; anything else about it is refused. */
function pageName(page: unknown): string {
  if (page === undefined) return `connection:${randomUUID()}`;
  if (typeof page !== 'object' || page === null || Array.isArray(page)) throw badPage();
  const { id, url, title, visible, ...unknown } = page as Record<string, unknown>;
  const texts: [unknown, number][] = [
    [id, 64],
    [url, 2048],
    [title, 512],
  ];
  const sound = texts.every(([text, longest]) => text === undefined || (typeof text === 'string' && text.length <= longest));
  if (!sound || (visible !== undefined && typeof visible !== 'boolean') || Object.keys(unknown).length > 0) throw badPage();
  return typeof id === 'string' && id !== '' ? `page:${id}` : `connection:${randomUUID()}`;
}

const badPage = (): Problem =>
  new Problem('bad_request', 'auth.page may have id, url, title (text) and visible (true or false), nothing else.');
