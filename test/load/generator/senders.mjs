import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const CONNECTIONS = 64;
const HEAD_END = '\r\n\r\n';

/** Connections that are kept alive, with one request at a time on each, as a platform's webhook sender has them. */
export class Senders {
  #sockets = new Set();
  #idle = [];
  #queue = [];
  /** Nothing more is to be had from it: closed by us, or the server has gone. */
  #over = false;
  answered = 0;
  refused = 0;
  /** The beginning of the first answer that was not 2xx, or the first error. */
  firstRefusal = null;

  constructor(port) {
    this.port = port;
  }

  async open() {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => this.#connect()));
  }

  /** Sends a whole request now, or as soon as a connection is free. `done` hears of its answer. */
  send(request, done = null) {
    const socket = this.#idle.pop();
    if (socket === undefined) this.#queue.push({ request, done });
    else this.#write(socket, { request, done });
  }

  /** Whether everything sent was answered within that time. */
  async drained(withinMs) {
    const deadline = performance.now() + withinMs;
    while (!this.#isDrained() && !this.#over && performance.now() < deadline) await sleep(5);
    return this.#isDrained();
  }

  resetCounts() {
    this.answered = this.refused = 0;
    this.firstRefusal = null;
  }

  close() {
    this.#over = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect() {
    const socket = connect({ port: this.port, host: '127.0.0.1' });
    socket.setNoDelay(true);
    socket.on('error', (error) => (this.firstRefusal ??= error.message));
    socket.on('close', () => this.#lost(socket));
    await once(socket, 'connect');
    let rest = null;
    socket.on('data', (data) => {
      const answer = rest === null ? data : Buffer.concat([rest, data]);
      rest = isWhole(answer) ? null : answer;
      if (rest === null) this.#take(socket, answer);
    });
    this.#sockets.add(socket);
    this.#free(socket);
  }

  #isDrained() {
    return this.#idle.length === CONNECTIONS && this.#queue.length === 0;
  }

  #free(socket) {
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(socket);
    else this.#write(socket, next);
  }

  #write(socket, sent) {
    socket.sent = sent;
    socket.write(sent.request);
  }

  #take(socket, answer) {
    // A server may say 408 to a connection that it had no request on, and closes it then.
    if (!socket.sent) return;
    if (answer[9] === 0x32) this.answered++;
    else this.#refuse(answer.toString('latin1', 0, 300));
    socket.sent.done?.();
    socket.sent = null;
    this.#free(socket);
  }

  #refuse(why) {
    this.refused++;
    this.firstRefusal ??= why;
  }

  /** A server may close a connection that was idle for long; that is no refusal. */
  #lost(socket) {
    if (this.#over || !this.#sockets.delete(socket)) return;
    if (socket.sent) this.#refuse('the connection was closed before the answer');
    else this.#idle = this.#idle.filter((other) => other !== socket);
    this.#connect().catch(() => (this.#over = true));
  }
}

/** Whether an answer with a content length is all there. */
function isWhole(answer) {
  const end = answer.indexOf(HEAD_END);
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(answer.toString('latin1', 0, end))?.[1];
  if (length === undefined) throw new Error('An answer without a content length cannot be followed.');
  return answer.length >= end + HEAD_END.length + Number(length);
}
