import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const SERVICES = ['agentVep', 'asyncMessagingEnt'];

/**
 * As much of LivePerson as a listening agent needs: the directory of services, the login, the socket. It runs inside the generator, so that
 * sending and arriving are told by one clock, and sends frames that were built before.
 */
export class LivePerson {
  #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  #server = createServer((request, response) => this.#answer(request, response));
  #open = new Set();

  /** To the agent that has subscribed first; null before. */
  line = null;

  static async start() {
    const livePerson = new LivePerson();
    const server = livePerson.#server.listen(0, '127.0.0.1');
    server.on('upgrade', (request, socket, head) => livePerson.#upgrade(request, socket, head));
    await once(server, 'listening');
    livePerson.host = `127.0.0.1:${server.address().port}`;
    return livePerson;
  }

  async stop() {
    for (const socket of this.#open) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request, response) {
    request.resume();
    const baseURIs = SERVICES.map((service) => ({ service, account: 'bench', baseURI: this.host }));
    const body = request.url.includes('baseURI.json') ? { baseURIs } : { bearer: 'bearer', csrf: 'csrf' };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #upgrade(request, socket, head) {
    socket.setNoDelay(true);
    socket.on('close', () => this.#open.delete(socket));
    this.#open.add(socket);
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => undefined);
      ws.on('message', (/** @type {Buffer} */ data) => {
        const { id, type } = JSON.parse(data.toString('utf8'));
        const body = type.endsWith('GetClock') ? { currentTime: Date.now() } : { subscriptionId: id };
        ws.send(JSON.stringify({ kind: 'resp', reqId: id, code: 200, type: `${type}$Response`, body }));
        if (type.endsWith('.SubscribeExConversations')) this.line ??= new Line(ws, socket);
      });
    });
  }
}

/** A socket to an agent. It takes whole WebSocket frames and goes past `ws`, whose work per frame the generator can do without. */
class Line {
  #gone = new AbortController();

  constructor(ws, socket) {
    this.ws = ws;
    this.socket = socket;
    socket.on('close', () => this.#gone.abort(new Error('The agent hung up.')));
  }

  get isGone() {
    return this.#gone.signal.aborted;
  }

  /** Whether the agent reads more slowly than it is told: nothing should be sent until it has caught up. */
  get isFull() {
    return this.socket.writableNeedDrain;
  }

  send(frames) {
    this.#gone.signal.throwIfAborted();
    this.socket.cork();
    for (const frame of frames) this.socket.write(frame);
    this.socket.uncork();
  }

  /** Resolves when the system has taken all that was sent. */
  async hasRoom() {
    if (this.isFull) await once(this.socket, 'drain', { signal: this.#gone.signal });
  }

  /** Resolves when the agent has read all that was sent: it answers a ping in its turn. */
  async isRead() {
    this.ws.ping();
    await once(this.ws, 'pong', { signal: this.#gone.signal });
  }
}
