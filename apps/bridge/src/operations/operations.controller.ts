import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { asyncApiDocument } from '#libs/pages';
import { Health } from './health.ts';
import { Metrics } from './metrics.ts';

/** Where the bridge's own address leads: the demo or the API. */
export class FrontPage {
  constructor(readonly path: string) {}
}

/** For those who run the bridge: is it alive, can it work, what has it done. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly front: FrontPage,
  ) {}

  /** Whoever opens the bridge itself in a browser is shown round. */
  @Get()
  welcome(@Res() reply: FastifyReply): void {
    void reply.redirect(this.front.path, 302);
  }

  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 503 while the bridge cannot take work: its store does not answer, or it is stopping. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const readiness = await this.health.readiness();
    void reply.status(readiness.status === 'ok' ? 200 : 503);
    return readiness;
  }

  @Get('metrics')
  async report(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.metrics.registry.metrics();
    await reply.header('content-type', this.metrics.registry.contentType).send(text);
  }

  @Get('asyncapi.json')
  @Header('access-control-allow-origin', '*')
  asyncApi(): object {
    return asyncApiDocument();
  }
}
