// Says how large each file is, and fails the build when a visitor would notice.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a page loads before an offer is accepted, in bytes of gzip: the core, and a language. More would be noticed on a phone. */
const LARGEST_START = 20 * 1024;

/** Each lazy file, by its folder. */
const LARGEST = { languages: 1_024, dialects: 4 * 1_024, view: 2 * 1_024 };

/** `core` and `lazy` are names of files in `folder`. */
export async function weigh(folder, { core, lazy }) {
  const gzip = {};
  const trouble = [];
  for (const file of [...core, ...lazy.toSorted()]) {
    const code = await readFile(join(folder, file));
    gzip[file] = gzipSync(code, { level: 9 }).length;
    const limit = LARGEST[file.split('/')[0]];
    console.log(`sdk/v1/${file}`.padEnd(34), `${code.length} bytes,`.padStart(13), `${gzip[file]} gzip`);
    if (gzip[file] > limit) trouble.push(`${file} is larger than ${limit} bytes gzip`);
  }
  const language = Math.max(...lazy.filter((file) => file.startsWith('languages/')).map((file) => gzip[file]));
  for (const file of core) {
    const start = gzip[file] + language;
    console.log(`${file} and the largest language:`.padEnd(34), `${start} gzip of ${LARGEST_START}`.padStart(20));
    if (start > LARGEST_START) trouble.push(`${file} with a language is larger than ${LARGEST_START} bytes gzip`);
  }
  if (trouble.length > 0) throw new Error(trouble.join('; '));
}
