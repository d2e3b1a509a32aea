import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

/**
 * Makes this process the only owner of a folder until it releases it or ends; answers null when somebody else, in whichever container
 * on this machine, is the owner.
 *
 * An owner listens on a unix socket: the kernel answers there as long as the process lives, also while that is busy, and stops the moment it
 * dies, so a claim is never stale. Sockets cannot be replaced atomically. So the claims are numbered symlinks to them: a symlink is made
 * by one process only, the highest number counts, and one is added only after the last was found dead.
 */
export async function claim(folder: string): Promise<(() => Promise<void>) | null> {
  const socket = `own-${randomBytes(4).toString('hex')}`;
  const server = createServer((peer) => peer.destroy()).unref();
  server.listen({ path: join(folder, socket), exclusive: true });
  await once(server, 'listening');
  const release = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  for (;;) {
    const last = lastClaim(folder);
    if (await answers(claimPath(folder, last))) {
      await release();
      return null;
    }
    const path = claimPath(folder, last + 1);
    if (!link(socket, path)) continue;
    if (lastClaim(folder) === last + 1) {
      removeBelow(folder, last + 1);
      return release;
    }
    // Ours was a number whose claim had been removed since we looked.
    rmSync(path);
  }
}

const claimPath = (folder: string, number: number): string => join(folder, `claim-${number}`);

const claims = (folder: string): number[] =>
  readdirSync(folder)
    .flatMap((name) => /^claim-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number);

const lastClaim = (folder: string): number => Math.max(0, ...claims(folder));

function link(socket: string, path: string): boolean {
  try {
    symlinkSync(socket, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeBelow(folder: string, number: number): void {
  for (const below of claims(folder).filter((other) => other < number)) {
    const path = claimPath(folder, below);
    rmSync(join(folder, readlinkSync(path)), { force: true });
    rmSync(path);
  }
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
