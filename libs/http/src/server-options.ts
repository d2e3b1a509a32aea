import type { FastifyReply } from 'fastify';
import { answerError } from './problem-filter.ts';

/** Longest id in an address: 256 characters of four bytes each, percent-encoded. Whether an id may be that long is its route's matter. */
const LONGEST_ID = 256 * 4 * 3;

/** How a server of ours finds its routes, and how it answers what reaches none. */
export const SERVER_OPTIONS = {
  routerOptions: { maxParamLength: LONGEST_ID },
  frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply): void => answerError(reply, error),
} as const;
