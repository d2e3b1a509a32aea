import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post, Req, UnauthorizedException, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../dist/libs/store/src/embedded/embedded-postgres.js';
import { envelope, invitationIn } from './envelope.mjs';
import { COMMIT, TABLES } from './grouped-commits.mjs';
import { isSigned } from './is-signed.mjs';
import { NotificationDto } from './usual-stack-dto.mjs';

/**
 * What one writes with the same packages when nobody counts: NestJS on Fastify, a validated DTO, one statement for each hook, Socket.IO. It
 * does what the durable relay does, the signature included, and nothing else. The decorators are called by hand, because Node runs this file.
 */
const postgres = await startEmbeddedPostgres(process.env.DATA_DIR);
const pool = new pg.Pool({ connectionString: postgres.url, max: 10 });
await pool.query(TABLES);

class Pages {
  handleConnection(page) {
    page.join(page.handshake.query.visitor);
  }

  tell(visitorId, event) {
    this.server.to(visitorId).emit('session', event);
  }
}
WebSocketServer()(Pages.prototype, 'server');
WebSocketGateway({ serveClient: false })(Pages);

class Hooks {
  constructor(pages) {
    this.pages = pages;
  }

  async take(notification, request) {
    if (!isSigned(request.rawBody, request.headers['x-liveperson-signature'])) throw new UnauthorizedException();
    const invitation = invitationIn(notification);
    const { conversationId, visitorId, dialog } = invitation;
    const values = [[conversationId], [dialog.creationTs], [dialog.dialogId]];
    const { rowCount } = await pool.query({ name: 'commit', text: COMMIT, values });
    if (rowCount > 0) this.pages.tell(visitorId, envelope(invitation));
  }
}
const take = Object.getOwnPropertyDescriptor(Hooks.prototype, 'take');
for (const decorate of [Post('hook'), HttpCode(200)]) decorate(Hooks.prototype, 'take', take);
Body()(Hooks.prototype, 'take', 0);
Req()(Hooks.prototype, 'take', 1);
Reflect.defineMetadata('design:paramtypes', [NotificationDto, Object], Hooks.prototype, 'take');
Reflect.defineMetadata('design:paramtypes', [Pages], Hooks);
Controller()(Hooks);

class UsualStack {}
Module({ controllers: [Hooks], providers: [Pages] })(UsualStack);

const app = await NestFactory.create(UsualStack, new FastifyAdapter({ keepAliveTimeout: 120_000 }), { logger: ['error'], rawBody: true });
app.useWebSocketAdapter(new IoAdapter(app));
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen(Number(process.env.PORT), '127.0.0.1');

process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
  await postgres.stop();
  process.exit(0);
});
