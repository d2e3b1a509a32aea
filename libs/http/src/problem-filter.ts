import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Contended } from '#libs/core';
import { Problem, type ProblemCode } from '#libs/protocol';

/** Turns whatever was thrown into one problem+json answer. Only a `Problem` speaks; everything else stays in the log. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    answerError(host.switchToHttp().getResponse<FastifyReply>(), error);
  }
}

const logger = new Logger('http');

/** Answers with the problem that an error is. One of our own making goes to the log. */
export function answerError(reply: FastifyReply, error: unknown): void {
  const problem = toProblem(error);
  if (problem.code === 'internal') logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  sendProblem(reply, problem);
}

function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (reply.sent) return;
  if (problem.code === 'unavailable' || problem.code === 'too_many_requests') void reply.header('retry-after', '1');
  if (problem.code === 'unauthorized') void reply.header('www-authenticate', 'Bearer');
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problem.toDocument());
}

/** What the framework throws of its own, in our words. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Contended) return new Problem('unavailable', 'This conversation is changing too fast. Try again in a second.');
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  const code = BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'bad_request' : undefined);
  if (code) return new Problem(code, DETAILS[code] ?? 'The request cannot be answered.');
  if (isStoreTrouble(error)) return new Problem('unavailable', 'The store cannot be reached. Try again in a second.');
  return new Problem('internal', 'The error was logged. Try again, and report it if it stays.');
}

const BY_STATUS: Partial<Record<number, ProblemCode>> = {
  400: 'bad_request',
  401: 'unauthorized',
  // Of files, for a path that leads out of their folder.
  403: 'not_found',
  404: 'not_found',
  413: 'payload_too_large',
  // For an id that is longer than any of ours.
  414: 'not_found',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

const DETAILS: Partial<Record<ProblemCode, string>> = {
  bad_request: 'Look at the request: its form is not what this address takes. See /docs.',
  not_found: 'Nothing answers at this address. See /docs for those that do.',
  payload_too_large: 'Send less: hooks take 16 MB, everything else 64 kB.',
  unsupported_media_type: 'Send JSON, with content-type: application/json.',
};

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}

/** PostgreSQL's connection classes (08, 53, 57) and the socket errors of its client. */
function isStoreTrouble(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    (typeof code === 'string' && /^(08|53|57|ECONN|EPIPE|ETIMEDOUT|ENOENT)/.test(code)) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(String(error))
  );
}
