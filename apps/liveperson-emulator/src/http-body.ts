import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './refusal.ts';
import { wireJson } from './wire-json.ts';

const LIMIT = 1024 * 1024;

/** A request's body as a JSON object; `{}` when there is none. Throws a `Refusal` (400, 413). */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LIMIT) throw new Refusal(413, 'The body is too long.');
    chunks.push(chunk);
  }
  if (length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Refusal(400, 'The body is not an object.');
  return value as Record<string, unknown>;
}

export function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (!response.destroyed) response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(wireJson(body));
}
