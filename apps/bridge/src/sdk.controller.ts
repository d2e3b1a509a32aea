import { readFile } from 'node:fs/promises';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Problem } from '#libs/protocol';
import { projectFile } from './project-file.ts';

const FILES: Record<string, string> = {
  'cobridge.js': 'text/javascript; charset=utf-8',
  'cobridge.mjs': 'text/javascript; charset=utf-8',
  'cobridge.js.map': 'application/json',
  'cobridge.mjs.map': 'application/json',
};

/** The page SDK, for pages of any origin. */
@ApiExcludeController()
@Controller('sdk/v1')
export class SdkController {
  private readonly files = new Map<string, Promise<Buffer>>();

  @Get(':file')
  async file(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    const type = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    if (type === undefined) throw new Problem('not_found', `The SDK is served as ${Object.keys(FILES)[0]}.`);
    const content = this.files.get(file) ?? readFile(projectFile('dist', 'sdk', 'v1', file));
    this.files.set(file, content);
    await reply
      .header('content-type', type)
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=300')
      .send(await content);
  }
}
