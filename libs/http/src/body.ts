import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '#libs/protocol';

/** Largest hook body. LivePerson publishes no limit; a snapshot of 1,000 conversations is megabytes. */
const HOOK_LIMIT_BYTES = 16 * 1024 * 1024;
const REST_LIMIT_BYTES = 64 * 1024;

const NOT_JSON =
  'The body is not JSON that we take: look for a missing quote or a trailing comma. The keys __proto__ and constructor are refused.';

/** Marks a route whose handler wants the body's raw bytes: it checks a signature over them before anything is parsed. */
export const RAW_BODY = { rawBody: true } as const;

/** Bodies are JSON: raw bytes where a route asks for them, parsed and free of prototype keys everywhere else. */
export function takeJsonBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    route.bodyLimit = wantsRawBody(route.config) ? HOOK_LIMIT_BYTES : REST_LIMIT_BYTES;
  });
  server.addHook('onRequest', (request, reply, done) => {
    const limit = request.routeOptions.bodyLimit;
    if (!(Number(request.headers['content-length']) > limit)) return done();
    swallow(request.raw, () => done(new Problem('payload_too_large', `Send at most ${limit} bytes here.`)));
  });
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (wantsRawBody(request.routeOptions.config)) return done(null, body);
    if (body.length === 0) return done(null, undefined);
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return done(new Problem('unsupported_media_type', 'Send JSON, with content-type: application/json.'));
    }
    const encoded = encodedBody(request);
    if (encoded) return done(encoded);
    void parse(request, body.toString('utf8'), (error, value) => {
      done(error ? new Problem('invalid_json', NOT_JSON) : null, value);
    });
  });
}

/** What to say of a body that came compressed, which no route takes; null when it did not. */
export function encodedBody({ headers }: FastifyRequest): Problem | null {
  if (/^(identity)?$/i.test(headers['content-encoding'] ?? '')) return null;
  return new Problem('unsupported_media_type', 'Send the body as it is, without content-encoding.');
}

/** A sender that is answered while it still sends sees a broken connection, not the answer. Beyond reason it may see that. */
const SWALLOWED_BYTES = 4 * HOOK_LIMIT_BYTES;

function swallow(body: IncomingMessage, done: () => void): void {
  let swallowed = 0;
  body.on('data', (chunk: Buffer) => {
    swallowed += chunk.length;
    if (swallowed > SWALLOWED_BYTES) body.destroy();
  });
  body.once('end', done);
}

/** Whether a route asked for raw bytes, by `RAW_BODY`. */
export function wantsRawBody(config: object | undefined): boolean {
  return config !== undefined && 'rawBody' in config && config.rawBody === true;
}
