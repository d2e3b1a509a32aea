import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Problem } from '#libs/protocol';
import { projectFile } from './project-file.ts';

/** The core, the files that it loads when they are needed, and their maps. Nothing else of that folder, and nothing above it. */
const FILE = /^(?:cobridge\.m?js|(?:languages|dialects|view)\/[a-z]+\.mjs)(?:\.map)?$/;

/** The page SDK, for pages of any origin. */
@ApiExcludeController()
@Controller('sdk/v1')
export class SdkController {
  private readonly files = new Map<string, { plain: Buffer; gzipped: Buffer }>();

  @Get([':file', ':folder/:file'])
  async file(
    @Param() { folder, file = '' }: { folder?: string; file?: string },
    @Headers('accept-encoding') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { plain, gzipped } = await this.read(folder === undefined ? file : `${folder}/${file}`);
    const small = /\bgzip\b/.test(accepted ?? '');
    void reply
      .header('content-type', file.endsWith('.map') ? 'application/json' : 'text/javascript; charset=utf-8')
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=300')
      .header('vary', 'accept-encoding');
    if (small) void reply.header('content-encoding', 'gzip');
    await reply.send(small ? gzipped : plain);
  }

  private async read(path: string): Promise<{ plain: Buffer; gzipped: Buffer }> {
    try {
      const read = this.files.get(path) ?? (await readTwice(path));
      this.files.set(path, read);
      return read;
    } catch {
      throw new Problem('not_found', 'The SDK is served as cobridge.js.');
    }
  }
}

async function readTwice(file: string): Promise<{ plain: Buffer; gzipped: Buffer }> {
  if (!FILE.test(file)) throw new Error(file);
  const plain = await readFile(projectFile('dist', 'sdk', 'v1', file));
  return { plain, gzipped: await promisify(gzip)(plain, { level: constants.Z_BEST_COMPRESSION }) };
}
