import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { Problem } from '#libs/protocol';
import { answerError } from './problem-filter.ts';

/** Longest id in an address: 256 characters of four bytes each, percent-encoded. Whether an id may be that long is its route's matter. */
const LONGEST_ID = 256 * 4 * 3;

/** How a server of ours finds its routes, and how it answers what reaches none. */
export const SERVER_OPTIONS = {
  routerOptions: { maxParamLength: LONGEST_ID },
  frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply): void => answerError(reply, error),
  clientErrorHandler: refuseUnread,
} as const;

/** What cannot be read as a request is answered on the bare socket. What else comes over it has no known beginning, so it is closed. */
function refuseUnread({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new Problem(
    'bad_request',
    UNREAD[code] ?? 'This is not HTTP as it can be read: look at the method, the lengths, the chunks.',
  );
  const body = JSON.stringify(problem.toDocument());
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

const UNREAD: Partial<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The headers are too long: send at most 16 kB of them.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not come to its end in time.',
};
