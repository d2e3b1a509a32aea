import { Codes } from '#libs/core';

/** Codes of these accounts in memory, counted up. It forgets nothing, so none is given out twice. */
export class MemoryCodes extends Codes {
  private readonly sessions = new Map<string, string>();

  constructor(private readonly accountIds: readonly string[]) {
    super();
  }

  async issue(accountId: string, sessionId: string): Promise<string | null> {
    if (!this.accountIds.includes(accountId)) return null;
    const code = String(100_000 + this.sessions.size);
    this.sessions.set(`${accountId} ${code}`, sessionId);
    return code;
  }

  async find(accountId: string, code: string): Promise<string | null> {
    return this.sessions.get(`${accountId} ${code}`) ?? null;
  }
}
