import { once } from 'node:events';
import { connect } from 'node:net';
import type { Program } from './program.ts';

/** Sends these bytes as they are and reads until the program hangs up: what a client would never send can be said, too. */
export async function sendRaw(program: Program, bytes: string): Promise<{ status: number; type: string; body: unknown }> {
  const socket = connect(Number(new URL(program.url).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.write(bytes);
  await once(socket, 'end');
  socket.destroy();
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    type: /^content-type: (.*)$/im.exec(head)?.[1] ?? '',
    body: /json/.test(head) ? JSON.parse(body) : body,
  };
}
