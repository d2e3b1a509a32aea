import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Guarded, guarded } from './guarded.ts';
import { pidFile, stopLeftover } from './leftover.ts';
import { serverArguments } from './settings.ts';
import { SOCKET } from './socket-folder.ts';
import type { User } from './unprivileged.ts';

/** Replaying the WAL after a crash may take a while. */
const START_MS = 60_000;
/** The last processes of a server that was killed may take a moment to notice. */
const LEFTOVER_MS = 10_000;
const POLL_MS = 5;

/** A server that accepts connections. Only the owner of the cluster may call this. */
export async function startServer(
  binaries: string,
  cluster: string,
  socketFolder: string,
  user: User,
  log: (line: string) => void,
): Promise<Guarded> {
  const began = performance.now();
  const command = [join(binaries, 'bin', 'postgres'), ...serverArguments(cluster, socketFolder)];
  for (;;) {
    const stranger = await stopLeftover(cluster);
    for (const name of [SOCKET, `${SOCKET}.lock`]) rmSync(join(socketFolder, name), { force: true });
    // PostgreSQL takes any process with the id in an old postmaster.pid for a server, except one that it is told to be its
    // grandparent's. Removing the file instead would also remove its check that no process of the old server still writes.
    const server = guarded(command, user, log, stranger === null ? {} : { PG_GRANDPARENT_PID: String(stranger) });
    if (await ready(server, cluster, socketFolder)) return server;
    const why = server.lastWords();
    if (!/^(lock file|pre-existing shared memory)/.test(why) || performance.now() - began > LEFTOVER_MS) {
      throw new Error(
        `The embedded PostgreSQL in ${cluster} did not start: ${why}. Set COBRIDGE_DATA_DIR to another folder, or DATABASE_URL.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** Waits until the server accepts connections; false when it ended instead. */
async function ready(server: Guarded, cluster: string, socketFolder: string): Promise<boolean> {
  let ended = false;
  void server.gone.then(() => (ended = true));
  for (const until = performance.now() + START_MS; performance.now() < until && !ended; await sleep(POLL_MS)) {
    // The socket is made after the pid file, so that its state is not an earlier server's.
    if (existsSync(join(socketFolder, SOCKET)) && pidFile(cluster)[7]?.trim() === 'ready') return true;
  }
  server.end();
  await server.gone;
  return false;
}
