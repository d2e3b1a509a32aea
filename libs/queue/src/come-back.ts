import { DelayedError, type Job } from 'bullmq';

/** Ends the work on a job without finishing it: the queue brings it back after `ms`. Call it last, it never returns. */
export async function comeBack(job: Job, token: string | undefined, ms: number): Promise<never> {
  await job.moveToDelayed(Date.now() + Math.ceil(ms), token);
  throw new DelayedError();
}
