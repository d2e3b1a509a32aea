import type { Logger as Pino } from 'pino';
import type { AttemptReport } from '#libs/callbacks';
import type { Metrics } from './metrics.ts';

/** One wide line and one count for each try at a callback. */
export function attemptLog(log: Pino, metrics: Metrics): (report: AttemptReport) => void {
  return (report) => {
    metrics.callbackAttempts.inc({ outcome: report.outcome });
    metrics.callbackSeconds.observe(report.ms / 1000);
    log.info({ event: 'callback.attempted', ...report }, 'callback.attempted');
  };
}
