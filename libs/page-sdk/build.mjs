// Builds the SDK into dist/sdk/v1, which the bridge serves; with --package also the npm package into dist/npm/page-sdk.
// --out names another folder than dist.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, transform } from 'esbuild';
import { lazyFiles } from './lazy-files.mjs';
import { leanSocketIo } from './lean-socket-io.mjs';
import { weigh } from './sizes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({ options: { package: { type: 'boolean' }, out: { type: 'string', default: join(root, 'dist') } } });
const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const sources = join(root, 'libs/page-sdk/src');
const notice = `/*! Cobridge ${version}, ${license} */`;
const to = join(options.out, 'sdk/v1');

const cssAsText = {
  name: 'css-as-text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    }),
};

const bundle = (entry, file, more) =>
  build({
    entryPoints: [entry],
    outfile: join(to, file),
    format: 'esm',
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    target: 'es2021',
    conditions: ['bridge-source'],
    legalComments: 'none',
    banner: { js: notice },
    absWorkingDir: root,
    logLevel: 'warning',
    ...more,
  });

await rm(to, { recursive: true, force: true });
const lazy = lazyFiles();
const coreNotice = notice.replace(' */', '; socket.io-client, MIT */');
const core = {
  // esbuild's own way to wrap a script adds helpers for `import()` that browsers do not need.
  'cobridge.js': { entry: 'iife', banner: { js: `${coreNotice}\n"use strict";(()=>{` }, footer: { js: '})();' } },
  'cobridge.mjs': { entry: 'module', banner: { js: coreNotice } },
};
await Promise.all(
  Object.entries(core).map(([file, { entry, ...wrapping }]) =>
    bundle(join(sources, 'entries', `${entry}.ts`), file, {
      plugins: [leanSocketIo, cssAsText, lazy.plugin],
      // The client's own private names; it writes two of them in quotes.
      mangleProps: /^_[a-zA-Z]/,
      mangleQuoted: true,
      ...wrapping,
    }),
  ),
);
// A module is read as UTF-8, whatever its page is written in.
await Promise.all([...lazy.found].map(([file, source]) => bundle(source, file, { charset: 'utf8', plugins: [cssAsText] })));
await weigh(to, { core: Object.keys(core), lazy: [...lazy.found.keys()] });

if (options.package) {
  const { writePackage } = await import('./package.mjs');
  await writePackage({ root, out: options.out, version, license, lazy: [...lazy.found.keys()] });
}
