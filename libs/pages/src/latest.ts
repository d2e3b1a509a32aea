import { Injectable } from '@nestjs/common';
import { Sessions } from '#libs/core';
import { type LatestAnswer, envelope } from '#libs/protocol';
import { refused, sessionIdOf } from './answers.ts';
import type { Visit } from './handshake.ts';

/** Tells a page that was away what happened last to a session that it knew. */
@Injectable()
export class Latest {
  constructor(private readonly sessions: Sessions) {}

  async read(request: unknown, { accountId, visitorId }: Visit): Promise<LatestAnswer> {
    const sessionId = sessionIdOf(request);
    if (sessionId === null) return refused('bad_request');
    const event = (await this.sessions.history(accountId, sessionId)).at(-1);
    if (event?.session.visitor.id !== visitorId) return refused('not_found');
    return { ok: true, latest: envelope(event) };
  }
}
