import { DelayedError, type Job, WaitingError } from 'bullmq';

/** Ends the work on a job without finishing it: the queue brings it back after `ms`, or at once. Call it last, it never returns. */
export async function comeBack(job: Job, token: string | undefined, ms: number): Promise<never> {
  if (ms <= 0) {
    await job.moveToWait(token);
    throw new WaitingError();
  }
  await job.moveToDelayed(Date.now() + Math.ceil(ms), token);
  throw new DelayedError();
}
