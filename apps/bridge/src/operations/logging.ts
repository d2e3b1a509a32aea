import type { LoggerService } from '@nestjs/common';
import { type Logger as Pino, pino } from 'pino';
import pretty from 'pino-pretty';

/** Structured logs on standard output: one JSON object a line, or coloured text for people. */
export function openLog({ level, format }: { level: string; format: 'pretty' | 'json' }): Pino {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return format === 'json'
    ? pino(options)
    : pino({ ...options, formatters: {} }, pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l', sync: true }));
}

/** Nest's own words go the same way; its start-up chatter only when somebody debugs. */
export function nestLogger(log: Pino): LoggerService {
  const say =
    (method: 'debug' | 'trace' | 'info' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.at(-1);
      const stack = rest.length > 1 ? rest[0] : undefined;
      const quiet = method === 'info' && CHATTER.has(String(context));
      log[quiet ? 'debug' : method](
        { context, ...(stack === undefined ? {} : { stack }) },
        message instanceof Error ? message.message : String(message),
      );
    };
  return { log: say('info'), error: say('error'), warn: say('warn'), debug: say('debug'), verbose: say('trace'), fatal: say('fatal') };
}

const CHATTER = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication', 'WebSocketsController']);
