import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { newCallbackSecret } from '#libs/callbacks';
import {
  type Account,
  type AccountRecords,
  type Accounts,
  type CallbackEndpoint,
  DEFAULT_SETTINGS,
  type StreamSettings,
  platformKeyHash,
} from '#libs/core';
import { Problem } from '#libs/protocol';

export const DEMO_ACCOUNT_ID = 'demo';
export const CALLBACK_PATH = '/demo/callbacks';

/** Tells the demo's own account from one that somebody happens to call `demo`. */
const DEMO_ACCOUNT_NAME = 'Bluebird Outfitters (demo)';

/** The account that the demo plays on. It is made when the demo is first used, so that it costs the start nothing. */
export class DemoAccount {
  /** Without `callbackUrl` the account has no callbacks, as where they may not go to this machine. */
  constructor(
    private readonly accounts: Accounts,
    private readonly records: AccountRecords,
    private readonly callbackUrl: string | undefined,
  ) {}

  get hasCallbacks(): boolean {
    return this.callbackUrl !== undefined;
  }

  /**
   * The account, with an app secret and with its callbacks coming here, and listening as `stream` says when it is given. Throws
   * `account_exists` when it is not the demo's own.
   */
  async open(stream?: StreamSettings): Promise<Account & { appSecret: string }> {
    const found = await this.accounts.find(DEMO_ACCOUNT_ID);
    const account = found && this.isReady(found, stream) ? found : await this.prepare(found !== null, stream);
    const { appSecret } = account.settings.liveperson;
    if (appSecret === undefined) throw gone();
    return { ...account, appSecret };
  }

  /** The account listens no more. One that is not the demo's own is left alone. */
  async hangUp(): Promise<void> {
    const found = await this.accounts.find(DEMO_ACCOUNT_ID);
    if (found?.name !== DEMO_ACCOUNT_NAME || found.settings.liveperson.stream === undefined) return;
    await this.records.update(DEMO_ACCOUNT_ID, ({ name, settings }) => {
      const { stream: _ended, ...liveperson } = settings.liveperson;
      return { name, settings: { ...settings, liveperson } };
    });
  }

  /** What callbacks to this bridge are signed with; null when there can be none. */
  async callbackSecret(): Promise<string | null> {
    const account = await this.accounts.find(DEMO_ACCOUNT_ID);
    return account?.settings.callbacks.find(({ url }) => url === this.callbackUrl)?.secret ?? null;
  }

  private isReady({ name, settings }: Account, stream: StreamSettings | undefined): boolean {
    const called = this.callbackUrl === undefined || settings.callbacks.some(({ url }) => url === this.callbackUrl);
    const listens = stream === undefined || isDeepStrictEqual(settings.liveperson.stream, stream);
    return name === DEMO_ACCOUNT_NAME && settings.liveperson.appSecret !== undefined && called && listens;
  }

  private async prepare(exists: boolean, stream: StreamSettings | undefined): Promise<Account> {
    // Nobody holds the first platform key: the demo comes in as LivePerson does.
    const nobodysKey = { id: randomBytes(8).toString('hex'), hash: platformKeyHash(randomBytes(32).toString('hex')) };
    if (!exists) await this.records.create({ id: DEMO_ACCOUNT_ID, name: DEMO_ACCOUNT_NAME, settings: DEFAULT_SETTINGS }, nobodysKey);
    const appSecret = randomBytes(32).toString('base64url');
    const endpoint = this.callbackUrl === undefined ? undefined : { url: this.callbackUrl, secret: newCallbackSecret() };
    const account = await this.records.update(DEMO_ACCOUNT_ID, ({ name, settings }) => {
      if (name !== DEMO_ACCOUNT_NAME)
        throw new Problem('account_exists', 'The account "demo" is not the demo\'s own, so the demo leaves it alone.');
      const liveperson = { appSecret, ...settings.liveperson, ...(stream && { stream }) };
      return { name, settings: { ...settings, liveperson, callbacks: withEndpoint(settings.callbacks, endpoint) } };
    });
    if (account === null) throw gone();
    return account;
  }
}

/** The bridge may have listened on another port before: of the demo's own endpoints the present one stays, with its secret. */
function withEndpoint(callbacks: readonly CallbackEndpoint[], endpoint: CallbackEndpoint | undefined): CallbackEndpoint[] {
  const others = callbacks.filter(({ url }) => !url.endsWith(CALLBACK_PATH));
  if (endpoint === undefined) return others;
  return [...others, callbacks.find(({ url }) => url === endpoint.url) ?? endpoint];
}

const gone = (): Problem => new Problem('unavailable', 'The demo account was deleted just now. Try again.');
