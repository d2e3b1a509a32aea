import { ErrorCode, type IQueueBackend, type Job } from 'bullmq';

/** Few at a time: a long list must not keep others waiting for a connection. */
const AT_ONCE = 4;

/** Lets the jobs that wait for their time run now; answers all of them. One that runs already, or has run, stays as it is. */
export async function promoteDelayed(backend: Pick<IQueueBackend, 'promote'>, jobs: Job[]): Promise<Job[]> {
  for (let from = 0; from < jobs.length; from += AT_ONCE) {
    await Promise.all(jobs.slice(from, from + AT_ONCE).map((job) => backend.promote(job.id ?? '').catch(unlessNotDelayed)));
  }
  return jobs;
}

function unlessNotDelayed(error: Error & { code?: unknown }): void {
  if (error.code !== ErrorCode.JobNotExist && error.code !== ErrorCode.JobNotInState) throw error;
}
