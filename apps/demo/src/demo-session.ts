import { ask, problemOf } from './ask.ts';

export interface DemoSession {
  visitorId: string;
  token: string;
  /** Whether the bridge calls the demo's server back. */
  callbacks: boolean;
}

/** A page token for this visitor, or for a new one. Throws what is wrong, in words. */
export async function openSession(visitorId?: string): Promise<DemoSession> {
  const reply = await ask('/demo/session', JSON.stringify({ visitorId }));
  const problem = problemOf(reply);
  if (problem !== undefined) throw new Error(problem);
  return reply.body as DemoSession;
}
