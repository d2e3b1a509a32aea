import { type ModuleMetadata, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemFilter, SERVER_OPTIONS, serveOpenApi, takeJsonBodies, validation } from '#libs/http';

/** Controllers behind the same edge as in the bridge: bodies, validation, problems and the published document. Not yet initialised. */
export async function httpApp(metadata: ModuleMetadata): Promise<NestFastifyApplication> {
  class TestModule {}
  Module(metadata)(TestModule);
  const adapter = new FastifyAdapter(SERVER_OPTIONS);
  takeJsonBodies(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(TestModule, adapter, { bodyParser: false, logger: false });
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter());
  serveOpenApi(app, { version: '0.0.0' });
  return app;
}
