import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Headers, HttpCode, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { RAW_BODY } from '#libs/http';
import { PageTokens } from '#libs/pages';
import { type Envelope, Problem } from '#libs/protocol';
import { DemoAccount } from './demo-account.ts';
import { DemoSessionRequest, DemoStreamQuery } from './demo.dto.ts';
import { VisitorFeed } from './visitor-feed.ts';
import { WriteLimit } from './write-limit.ts';

const TOKEN_TTL_SECONDS = 3600;
const LARGEST_BODY_BYTES = 64 * 1024;

/** What the demo page needs of a shop's server: a visitor, a receiver of callbacks, and news. It touches the account `demo` only. */
@ApiExcludeController()
@Controller('demo')
export class DemoController {
  constructor(
    private readonly account: DemoAccount,
    private readonly tokens: PageTokens,
    private readonly feed: VisitorFeed,
  ) {}

  /** A page token for a new visitor, or for one more page of a visitor who is there already. */
  @Post('session')
  @UseGuards(WriteLimit)
  async session(@Body() request: DemoSessionRequest): Promise<object> {
    const account = await this.account.open();
    const visitorId = request.visitorId ?? randomUUID();
    const { token, expiresAt } = await this.tokens.sign(account, visitorId, TOKEN_TTL_SECONDS);
    return { visitorId, token, expiresAt: new Date(expiresAt).toISOString(), callbacks: this.account.hasCallbacks };
  }

  /** The brand's end of the callbacks: checks the signature, as every receiver should, and shows them on the page. */
  @Post('callbacks')
  @HttpCode(204)
  @RouteConfig(RAW_BODY)
  async receive(@Req() request: FastifyRequest): Promise<void> {
    const raw = jsonOf(request);
    const secret = await this.account.callbackSecret();
    const event = secret === null ? null : verified(secret, raw, request.headers);
    if (event === null) throw new Problem('unauthorized', 'Sign it by Standard Webhooks, with the secret of this endpoint.');
    const { id, session } = event;
    if (session.visitor.id === null) return;
    this.feed.publish(session.visitor.id, { id, event: 'callback', data: { id, receivedAt: new Date().toISOString(), event } });
  }

  @Get('stream')
  stream(@Query() { visitor }: DemoStreamQuery, @Headers('last-event-id') lastSeen: string | undefined, @Res() reply: FastifyReply): void {
    const stream = this.feed.open(visitor, lastSeen);
    // A page that vanished without a word is found out.
    reply.raw.socket?.setKeepAlive(true, 30_000);
    void reply
      .header('content-type', 'text/event-stream')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      // Kept open for the next request, it would hold the server's stop up after the stream has ended.
      .header('connection', 'close')
      .send(stream);
  }
}

/** The raw body. Asking for JSON by name keeps other sites' pages out: their browsers would have to ask us first. */
function jsonOf(request: FastifyRequest): Buffer {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new Problem('unsupported_media_type', 'Send JSON, with content-type: application/json.');
  }
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (raw.length > LARGEST_BODY_BYTES) throw new Problem('payload_too_large', 'The demo takes 64 kB.');
  return raw;
}

function verified(secret: string, raw: Buffer, headers: FastifyRequest['headers']): Envelope | null {
  try {
    return new Webhook(secret).verify(raw, headers as Record<string, string>) as Envelope;
  } catch {
    return null;
  }
}
