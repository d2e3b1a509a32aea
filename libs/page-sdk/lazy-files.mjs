// What the SDK loads by `import('./x.ts')` becomes a file of its own beside the bundles: languages/de.mjs, dialects/fullview.mjs. Script
// and module share these files. Their relative names resolve against the address of the bundle itself, and bundlers can follow them.
import { basename, dirname, join } from 'node:path';

/** An esbuild plugin, and the files that it has found: from the name beside the bundles to the source. */
export function lazyFiles() {
  const found = new Map();
  const plugin = {
    name: 'lazy-files',
    setup: (build) =>
      build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const source = join(resolveDir, path);
        const file = `${basename(dirname(source))}/${basename(source, '.ts')}.mjs`;
        found.set(file, source);
        return { path: `./${file}`, external: true };
      }),
  };
  return { plugin, found };
}
