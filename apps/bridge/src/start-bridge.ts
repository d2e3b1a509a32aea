import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger as Pino } from 'pino';
import { SERVER_OPTIONS, serveOpenApi, takeJsonBodies, wantsRawBody } from '#libs/http';
import { startEmbeddedPostgres } from '#libs/store';
import { AppModule } from './app.module.ts';
import type { Config } from './config/config.ts';
import { type InstallationKeys, installationKeys } from './config/installation-keys.ts';
import { nestLogger } from './operations/logging.ts';
import { type Parts, openParts } from './parts.ts';
import { SocketAdapter } from './socket-adapter.ts';
import { VERSION } from './version.ts';

/** Above the idle time of those who send to us: a connection that we close first can swallow a hook. */
const KEEP_ALIVE_MS = 75_000;

/** Addresses that people type, with a slash at the end or without. In the API a longer address is another one. */
const TYPED_BY_PEOPLE = /^(\/(?:demo|docs|metrics|health\/\w+))\/(?=$|\?)/;

/** How long a stop waits for requests under way. Whoever has not sent the whole of one by then is cut off. */
const REQUESTS_END_WITHIN_MS = 3000;

export interface RunningBridge {
  keys: InstallationKeys;
  /** Stops taking work, finishes what it has, and leaves nothing running. */
  stop(): Promise<void>;
}

/**
 * Starts everything that a bridge is, in order; a start that fails stops what it had started. `databaseDied` is told when the
 * embedded database ends by itself: nothing that was answered is lost, but nothing works until the bridge is started again.
 */
export async function startBridge(config: Config, log: Pino, databaseDied: (reason: string) => void): Promise<RunningBridge> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).toReversed()) await step();
  };
  try {
    const embedded = config.databaseUrl === undefined ? await startEmbeddedPostgres(config.dataDir, { died: databaseDied }) : undefined;
    if (embedded) stops.push(() => embedded.stop());
    const keys = installationKeys(config);
    const parts = await openParts(config, config.databaseUrl ?? embedded?.url ?? '', keys, log);
    stops.push(() => parts.close());
    const app = await openApp(config, keys, parts, log);
    stops.push(() => closeApp(app));
    await parts.start();
    // Not by Nest, which would print what goes wrong before we do.
    await app.getHttpAdapter().getInstance().listen({ port: config.port, host: config.host, backlog: 4096 });
    stops.push(async () => parts.health.stop());
    return { keys, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function closeApp(app: NestFastifyApplication): Promise<void> {
  const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), REQUESTS_END_WITHIN_MS);
  await app.close().finally(() => clearTimeout(cut));
}

async function openApp(config: Config, keys: InstallationKeys, parts: Parts, log: Pino): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...SERVER_OPTIONS,
    rewriteUrl: ({ url = '' }) => url.replace(TYPED_BY_PEOPLE, '$1'),
    forceCloseConnections: 'idle',
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 30_000,
    return503OnClosing: true,
  });
  const server = adapter.getInstance();
  takeJsonBodies(server);
  // A connection kept alive after its last answer would hold the stop up.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (parts.health.stopping) void reply.header('connection', 'close');
    done();
  });
  // A hook's answer is read by a program: headers for browsers are left out where every microsecond is paid thousands of times.
  server.addHook('onRoute', (route) => {
    if (wantsRawBody(route.config)) Object.assign(route, { helmet: false });
  });
  await server.register(helmet as never, { contentSecurityPolicy: false, crossOriginResourcePolicy: { policy: 'cross-origin' } } as never);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config, keys, parts), adapter, {
    logger: nestLogger(log),
    bodyParser: false,
  });
  app.useWebSocketAdapter(new SocketAdapter(app, parts.redis));
  serveOpenApi(app, { version: VERSION });
  await app.init();
  return app;
}
