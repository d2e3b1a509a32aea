import { createHash, timingSafeEqual } from 'node:crypto';
import { CanActivate, type ExecutionContext, Injectable, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ACCOUNT_ID, Accounts } from '#libs/core';
import { Problem } from '#libs/protocol';
import { refuseUnknownQuery } from './unknown-query.ts';

/** Compares secrets without telling by its timing how much was right. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The key of an `Authorization: Bearer …` header, or null. */
export function bearerOf(header: string | undefined): string | null {
  return /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1] ?? null;
}

/** The key that may do everything; its holder is the admin. */
export class AdminKey {
  constructor(private readonly key: string) {}

  matches(candidate: string): boolean {
    return sameSecret(candidate, this.key);
  }
}

/** Lets the admin in, with no query but the route's own. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly admin: AdminKey) {}

  canActivate(context: ExecutionContext): boolean {
    const key = bearerOf(context.switchToHttp().getRequest<FastifyRequest>().headers.authorization);
    if (key === null || !this.admin.matches(key)) throw new Problem('unauthorized', 'Send the admin key as Authorization: Bearer <key>.');
    refuseUnknownQuery(context);
    return true;
  }
}

/**
 * Lets in the admin and the account named in the address by one of its platform keys, with no query but the route's own; to any other
 * key the account is not there.
 */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    private readonly admin: AdminKey,
    private readonly accounts: Accounts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: { accountId: string } }> & Held>();
    const key = bearerOf(request.headers.authorization);
    if (key === null) throw new Problem('unauthorized', 'Send a platform key of the account as Authorization: Bearer <key>.');
    const { accountId } = request.params;
    request.keyId = 'admin';
    if (!this.admin.matches(key)) {
      const holder = await this.accounts.authenticate(key);
      if (holder === null) throw new Problem('unauthorized', 'The key is wrong or was revoked.');
      if (holder.accountId !== accountId) throw noAccount();
      request.keyId = holder.keyId;
    }
    if (!ACCOUNT_ID.test(accountId) || (await this.accounts.find(accountId)) === null) throw noAccount();
    refuseUnknownQuery(context);
    return true;
  }
}

interface Held {
  keyId?: string;
}

/** The id of the platform key that `AccountGuard` let in; `admin` for the admin's. */
export const KeyId = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  return context.switchToHttp().getRequest<Held>().keyId ?? '';
});

export const noAccount = (): Problem => new Problem('not_found', 'There is no such account.');
