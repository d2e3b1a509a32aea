import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const CONNECTIONS = 64;
const HEAD_END = '\r\n\r\n';

/** Connections that are kept alive, with one request at a time on each, as a platform's webhook sender has them. */
export class Senders {
  #sockets = [];
  #idle = [];
  #queue = [];
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
    else this.#write(socket, request, done);
  }

  /** Whether everything sent was answered within that time. */
  async drained(withinMs) {
    const deadline = performance.now() + withinMs;
    while (this.#idle.length < this.#sockets.length && performance.now() < deadline) await sleep(5);
    return this.#idle.length === this.#sockets.length;
  }

  resetCounts() {
    this.answered = this.refused = 0;
    this.firstRefusal = null;
  }

  close() {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
  }

  async #connect() {
    const socket = connect({ port: this.port, host: '127.0.0.1' });
    socket.setNoDelay(true);
    await once(socket, 'connect');
    let rest = null;
    socket.on('data', (data) => {
      const answer = rest === null ? data : Buffer.concat([rest, data]);
      rest = isWhole(answer) ? null : answer;
      if (rest === null) this.#take(socket, answer);
    });
    socket.on('error', (error) => (this.firstRefusal ??= error.message));
    socket.on('close', () => {
      if (this.#sockets.length > 0) this.#lost(socket);
    });
    this.#sockets.push(socket);
    this.#idle.push(socket);
  }

  #write(socket, request, done) {
    socket.done = done;
    socket.write(request);
  }

  #take(socket, answer) {
    if (answer[9] === 0x32) this.answered++;
    else this.#refuse(answer.toString('latin1', 0, 300));
    socket.done?.();
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(socket);
    else this.#write(socket, next.request, next.done);
  }

  #refuse(why) {
    this.refused++;
    this.firstRefusal ??= why;
  }

  #lost(socket) {
    this.#refuse('the connection was closed');
    this.#sockets = this.#sockets.filter((other) => other !== socket);
    this.#idle = this.#idle.filter((other) => other !== socket);
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
