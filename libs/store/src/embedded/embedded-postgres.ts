import { resolve } from 'node:path';
import { installedBinaries, runnableBinaries } from './binaries.ts';
import { claim } from './claim.ts';
import { OWNER, openCluster } from './cluster.ts';
import { openHome } from './home.ts';
import { REFUGE } from './refuge.ts';
import { startServer } from './server.ts';
import { openSocketFolder } from './socket-folder.ts';

/** A running PostgreSQL of one's own. */
export interface EmbeddedPostgres {
  /** A connection string for `pg`. */
  readonly url: string;
  /** Resolves when the server has ended and its folder is free. What is still connected is cut off; what was committed is kept. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Told what PostgreSQL logs, line by line: its own life, never a client's statements or values. */
  log?: (line: string) => void;
  /** Told once when the server ends although nobody stopped it. */
  died?: (reason: string) => void;
  /** For root: where to keep what the unprivileged user cannot reach. */
  refuge?: string;
}

/**
 * Starts the PostgreSQL from npm on `dataDir/postgres`, which is made at the first start. It listens on a unix socket only and never outlives
 * this process. Throws an Error of one line that says what to do: no binaries for this platform, a folder that cannot be used
 * or that another bridge uses.
 */
export async function startEmbeddedPostgres(dataDir: string, options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const { log = () => {}, refuge = REFUGE } = options;
  const installed = installedBinaries();
  const home = openHome(resolve(dataDir), refuge);
  const binaries = runnableBinaries(installed, home.user, refuge);
  const socketFolder = openSocketFolder(home);
  const release = await claim(socketFolder.path);
  if (release === null) {
    throw new Error(
      `Another bridge uses the data folder ${dataDir}. Stop that one, or give this one its own COBRIDGE_DATA_DIR or a DATABASE_URL.`,
    );
  }
  const leave = async (): Promise<void> => {
    socketFolder.remove();
    await release();
  };
  try {
    const cluster = await openCluster(home, binaries, log);
    const server = await startServer(binaries, cluster, socketFolder.path, home.user, log);
    server.detach();
    let stopping: Promise<void> | null = null;
    void server.gone.then(() => {
      if (stopping === null) options.died?.(server.lastWords());
    });
    const stop = (): Promise<void> => {
      server.end();
      return (stopping ??= server.gone.then(leave));
    };
    return { url: `postgres://${OWNER}@localhost/postgres?host=${encodeURIComponent(socketFolder.path)}`, stop };
  } catch (error) {
    await leave();
    throw error;
  }
}
