import type { Logger as Pino } from 'pino';
import type { StreamReport } from '#libs/liveperson';
import type { Metrics } from './metrics.ts';

/** One wide line and one count for each state that a stream comes to. */
export function streamLog(log: Pino, metrics: Metrics): (report: StreamReport) => void {
  return ({ accountId, visitorId, state, reason, retryAt, since }) => {
    metrics.streamStates.inc({ state, reason });
    const line = {
      event: 'stream.changed',
      accountId,
      visitorId: visitorId ?? undefined,
      state,
      reason,
      retryInMs: retryAt === null ? undefined : retryAt - since,
    };
    if (state === 'waiting' || state === 'stopped') log.warn(line, 'stream.changed');
    else log.info(line, 'stream.changed');
  };
}
