import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

/** A brand's website on a port of its own: pages as they are given, and `/chronos.js`, LivePerson's event bus. */
export interface Site {
  readonly origin: string;
  put(path: string, html: string, headers?: Record<string, string>): void;
  close(): Promise<void>;
}

const CHRONOS = join(import.meta.dirname, '../../node_modules/chronosjs/dist/min/Events.js');

export async function openSite(): Promise<Site> {
  const pages = new Map<string, { html: string; headers: Record<string, string> }>();
  const chronos = await readFile(CHRONOS);
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const page = pages.get(path);
    if (path === '/chronos.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(chronos);
    else if (page) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (path, html, headers = {}) => void pages.set(path, { html, headers }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
