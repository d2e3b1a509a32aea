import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
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
  private readonly files = new Map<string, Promise<{ plain: Buffer; gzipped: Buffer }>>();

  @Get(':file')
  async file(
    @Param('file') file: string,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const type = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    if (type === undefined) throw new Problem('not_found', `The SDK is served as ${Object.keys(FILES)[0]}.`);
    const reading = this.files.get(file) ?? readTwice(file);
    this.files.set(file, reading);
    const { plain, gzipped } = await reading;
    const small = /\bgzip\b/.test(accepted ?? '');
    void reply
      .header('content-type', type)
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=300')
      .header('vary', 'accept-encoding');
    if (small) void reply.header('content-encoding', 'gzip');
    await reply.send(small ? gzipped : plain);
  }
}

async function readTwice(file: string): Promise<{ plain: Buffer; gzipped: Buffer }> {
  const plain = await readFile(projectFile('dist', 'sdk', 'v1', file));
  return { plain, gzipped: await promisify(gzip)(plain, { level: constants.Z_BEST_COMPRESSION }) };
}
