import { Injectable } from '@nestjs/common';
import { Accounts, Bridge, type Session, type SessionCommand, Sessions, type Settings, type Verdict, isBusy, refOf } from '#libs/core';
import { noAccount } from '#libs/http';
import { type SessionView, sessionView } from '#libs/protocol';
import { type PlatformCommand, noSession, refusal } from './refusal.ts';

/** Carries an agent's commands to the bridge, each to one session of the account. */
@Injectable()
export class SessionCommands {
  constructor(
    private readonly bridge: Bridge,
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
  ) {}

  /** The session after it. Throws a `Problem` with what can be done instead. */
  async perform(accountId: string, command: Extract<SessionCommand, { type: PlatformCommand }>): Promise<SessionView> {
    const verdict = await this.attempt(accountId, command);
    if (verdict.outcome === 'refused') throw refusal(command.type, verdict.code, verdict.session);
    if (!verdict.session) throw noSession();
    return sessionView(verdict.session);
  }

  async attempt(accountId: string, command: Extract<SessionCommand, { type: PlatformCommand }>): Promise<Verdict> {
    const [settings, session] = await Promise.all([this.settings(accountId), this.find(accountId, command.sessionId)]);
    if (command.type === 'take' && (await this.isBusy(session))) return { outcome: 'refused', code: 'already_in_session', session };
    const [verdict] = await this.bridge.handle(refOf(session), [command], settings);
    if (!verdict) throw noSession();
    return verdict;
  }

  private async isBusy({ id, accountId, visitor, status }: Session): Promise<boolean> {
    return status === 'requested' && isBusy(this.sessions, { accountId, visitorId: visitor.id ?? '' }, id);
  }

  async find(accountId: string, sessionId: string): Promise<Session> {
    const session = /^[\w-]{1,64}$/.test(sessionId) ? await this.sessions.find(accountId, sessionId) : null;
    if (session === null) throw noSession();
    return session;
  }

  async settings(accountId: string): Promise<Settings> {
    const account = await this.accounts.find(accountId);
    if (account === null) throw noAccount();
    return account.settings;
  }
}
