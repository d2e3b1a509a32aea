import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/**
 * The part that all peers share: `node:http` takes a body, `take(raw, request)` says what to push to whom and how to answer, and `ws` pushes.
 * It pushes before it answers, as the bridge does.
 */
export function serve(take) {
  const pages = new Map();
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      const { status, visitorId, text } = await take(parts.length === 1 ? parts[0] : Buffer.concat(parts), request);
      if (text !== undefined) pages.get(visitorId)?.send(text);
      response.writeHead(status, { 'content-length': 0 }).end();
    });
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket, { url }) => {
    const visitorId = url.slice(1);
    pages.set(visitorId, socket);
    socket.on('close', () => pages.delete(visitorId));
  });
  // Node closes idle connections after five seconds, under the sender's hands.
  server.keepAliveTimeout = 120_000;
  server.listen(Number(process.env.PORT), '127.0.0.1', 4096);
  return server;
}
