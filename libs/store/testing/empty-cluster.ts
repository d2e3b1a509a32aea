import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installedBinaries, runnableBinaries } from '../src/embedded/binaries.ts';
import { openCluster } from '../src/embedded/cluster.ts';
import { openHome } from '../src/embedded/home.ts';
import { REFUGE } from '../src/embedded/refuge.ts';

/** Puts into a data folder what the first start of the embedded PostgreSQL makes there: as a copy, at a tenth of the price. */
export async function putEmptyCluster(dataDir: string): Promise<void> {
  await copy(await clusterOfThisRun(), join(openHome(dataDir, REFUGE).path, 'cluster'));
}

/** Made by whoever needs it first; several test workers may come here at the same time. */
async function clusterOfThisRun(): Promise<string> {
  const run = process.env['COBRIDGE_TEST_RUN'];
  if (run === undefined) throw new Error('COBRIDGE_TEST_RUN names no folder: test/support/run-folder.mjs was not called');
  const shared = join(run, 'cluster');
  if (existsSync(shared)) return shared;
  const dataDir = mkdtempSync(join(run, 'data-'));
  chmodSync(dataDir, 0o711);
  const home = openHome(dataDir, REFUGE);
  const half = `${dataDir}-cluster`;
  await copy(await openCluster(home, runnableBinaries(installedBinaries(), home.user, REFUGE), () => {}), half);
  for (const folder of [home.path, dataDir]) rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(half, shared);
  } catch (error) {
    // Who comes second finds the place taken, and takes what is there.
    if (!existsSync(shared)) throw error;
    rmSync(half, { recursive: true });
  }
  return shared;
}

/** With its owner: root's PostgreSQL runs as somebody else. */
const copy = async (from: string, to: string): Promise<void> => void (await promisify(execFile)('cp', ['-a', from, to]));
