// Bundles the page into the folder `out`, as a shop's own build does.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle, stop } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

export async function build(out) {
  await bundle({
    entryPoints: [join(import.meta.dirname, 'main.tsx')],
    outdir: out,
    bundle: true,
    format: 'esm',
    // What the SDK loads only when it is used becomes a file of its own.
    splitting: true,
    minify: true,
    jsx: 'automatic',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    nodePaths: [packageIn(`${out}-package`)],
    logLevel: 'warning',
  });
  // esbuild works in a process of its own.
  await stop();
}

/** `@cobridge/page-sdk` is not in a registry yet: it is built and put where `npm install` would put it. */
function packageIn(folder) {
  execFileSync(process.execPath, [join(ROOT, 'libs/page-sdk/build.mjs'), '--package', '--out', folder]);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@cobridge'), { recursive: true });
  renameSync(join(folder, 'npm/page-sdk'), join(modules, '@cobridge/page-sdk'));
  return modules;
}
