import { readFile } from 'node:fs/promises';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Problem } from '#libs/protocol';
import { projectFile } from '../project-file.ts';

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Nothing from elsewhere and nothing inline. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'";

/** The demo's pages and their files, as `apps/demo` builds them. */
@ApiExcludeController()
@Controller('demo')
export class DemoPagesController {
  @Get()
  demo(@Res() reply: FastifyReply): Promise<void> {
    return send(reply, 'demo.html');
  }

  @Get('shop')
  shop(@Res() reply: FastifyReply): Promise<void> {
    return send(reply, 'shop.html');
  }

  @Get('files/:file')
  file(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    return send(reply, file);
  }
}

async function send(reply: FastifyReply, file: string): Promise<void> {
  const [, extension = ''] = /^[a-z-]{1,40}\.(css|html|js|svg)$/.exec(file) ?? [];
  const content = extension === '' ? null : await readFile(projectFile('dist', 'demo', file)).catch(() => null);
  if (content === null) throw new Problem('not_found', 'The demo has no such file. The demo itself is at /demo.');
  await reply
    .header('content-type', TYPES[extension])
    .header('cache-control', 'no-cache')
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .send(content);
}
