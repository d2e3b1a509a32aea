import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#libs/store';
import { putEmptyCluster } from '../../libs/store/testing/empty-cluster.ts';

/** An empty PostgreSQL of its own, as the bridge runs it, in a temporary folder that `stop` removes. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'cobridge-pg-'));
  // Root's server runs as another user, who has to pass through here.
  chmodSync(dir, 0o711);
  await putEmptyCluster(dir);
  const server = await startEmbeddedPostgres(dir);
  // In a temporary folder that only root can enter, it is somewhere else.
  const home = realpathSync(join(dir, 'postgres'));
  const stop = async (): Promise<void> => {
    await server.stop();
    for (const folder of [home, dir]) rmSync(folder, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}
