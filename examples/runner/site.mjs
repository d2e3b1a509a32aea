// The brand's own server, as small as it can be: its pages, a token for each of them, and an ear for what happens.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { filesIn, openFile, policyFor } from './files.mjs';
import { keysOf } from './keyboard.mjs';

const LARGEST_EVENT = 64 * 1024;
const TEXT = 'text/plain; charset=utf-8';

/** Listens on a port of this machine, `0` for any. Until `serveSite` was called it says that it starts. */
export async function listen(port) {
  const starting = (_request, response) => response.writeHead(503, { 'content-type': TEXT, 'retry-after': '1' }).end('Starting …\n');
  const server = createServer(starting).listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { server, origin: `http://localhost:${server.address().port}`, close };
}

/** Serves the pages in `folders`, and files of npm packages under the names of `packages`. `told` gets every event that happens. */
export function serveSite(server, { bridge, account, agent, folders, packages, told }) {
  const files = filesIn(folders, packages);
  const answers = {
    // A real server looks up who is logged in, and gives a token for that visitor and for nobody else.
    'GET /page-token': async () => {
      const { token } = await account.call('POST', '/page-tokens', { visitorId: agent.visitorId });
      return token;
    },
    'POST /cobrowse-events': async (request) => {
      // Over the raw body: what was parsed and written again is not what was signed.
      told(new Webhook(account.callbackSecret).verify(await bodyOf(request), request.headers));
      return '';
    },
    // For whoever has no keyboard here. A real server would ask who is calling.
    ...Object.fromEntries(keysOf(agent).map(([, step]) => [`POST /agent/${step}`, () => asJson(agent[step]())])),
  };

  server.removeAllListeners('request').on('request', async (request, response) => {
    try {
      const [pathname] = request.url.split('?');
      const answer = Object.hasOwn(answers, `${request.method} ${pathname}`) && answers[`${request.method} ${pathname}`];
      if (answer) {
        const body = await answer(request);
        response.writeHead(200, { 'content-type': TEXT, 'cache-control': 'no-store' }).end(body);
      } else if (request.method === 'GET' && files.has(pathname)) {
        const { type, body } = await openFile(files.get(pathname), bridge.url);
        response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache', ...policyFor(bridge.url) }).end(body);
      } else {
        response.writeHead(404, { 'content-type': TEXT }).end('There is nothing here.\n');
      }
    } catch (error) {
      response.writeHead(409, { 'content-type': TEXT }).end(`${error.message}\n`);
    }
  });
}

const asJson = async (session) => `${JSON.stringify(await session, null, 2)}\n`;

async function bodyOf(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > LARGEST_EVENT) throw new Error('An event is never that large.');
  }
  return body;
}
