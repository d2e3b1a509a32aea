import type { Connection } from './connection.ts';
import { Refusal } from './refusal.ts';

export type Json = Record<string, unknown>;

export interface Request {
  body: Json;
  headers: unknown;
}

/** What goes back: the answer's body, its type where it differs by the door, and what happens right after it. */
export interface Reply {
  body?: unknown;
  type?: { agent: string; consumer: string };
  after?: () => void;
}

/** Throws a `Refusal` for a no. */
export type Handler = (connection: Connection, request: Request) => Reply;

/** The value, when it is an object and no list. Throws a `Refusal` otherwise. */
export function object(value: unknown): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Refusal(400, 'An object is expected.');
  return value as Json;
}
