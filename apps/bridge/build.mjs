import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';

/**
 * Turns the service into JavaScript, file by file, in about a second: `npm start` does it each time. Types are checked by
 * `npm run typecheck`.
 */
const root = join(import.meta.dirname, '..', '..');
const out = join(root, 'dist');
const BROWSER = /^libs\/(page-sdk|dialects)\//;

const sources = ['apps/bridge/src', 'apps/liveperson-emulator/src', 'libs']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((file) => file.includes('/src/') && !BROWSER.test(file));

for (const folder of ['apps', 'libs']) rmSync(join(out, folder), { recursive: true, force: true });

await Promise.all(
  sources.map(async (file) => {
    const target = join(out, file.replace(/\.ts$/, '.js'));
    const { code, map } = await transformFile(join(root, file), {
      swcrc: false,
      sourceMaps: true,
      sourceFileName: relative(dirname(target), join(root, file)),
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        rewriteRelativeImportExtensions: true,
      },
      module: { type: 'nodenext' },
    });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
    writeFileSync(`${target}.map`, map);
  }),
);
