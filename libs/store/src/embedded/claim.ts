import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/**
 * Makes this process the only owner until it releases or ends: it listens on a unix socket. The kernel answers there for as long as
 * the process lives, also while that is busy, and stops the moment it dies, so a claim is never stale. Answers null when somebody else,
 * in whichever container on this machine, is the owner.
 */
export async function claim(path: string): Promise<(() => Promise<void>) | null> {
  for (;;) {
    const server = createServer((peer) => peer.destroy());
    try {
      server.listen({ path, exclusive: true });
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (!(await clearDead(path))) return null;
      continue;
    }
    server.unref();
    return async () => {
      server.close();
      await once(server, 'close');
    };
  }
}

/** Removes what a dead owner left; false when the owner is alive. Two may find the same dead one: the slower must not remove the faster's. */
async function clearDead(path: string): Promise<boolean> {
  if (await answers(path)) return false;
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return true;
  }
  const alive = await answers(aside);
  if (alive && !existsSync(path)) renameSync(aside, path);
  else rmSync(aside, { force: true });
  return !alive;
}

async function answers(path: string): Promise<boolean> {
  const peer = connect(path);
  try {
    await once(peer, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    peer.destroy();
  }
}
