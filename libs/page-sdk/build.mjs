// Builds the SDK into dist/sdk/v1, which the bridge serves; with --package also the npm package into dist/npm/page-sdk.
// --out names another folder than dist.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { leanSocketIo } from './lean-socket-io.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({ options: { package: { type: 'boolean' }, out: { type: 'string', default: join(root, 'dist') } } });
const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** The whole SDK in a page that includes it by tag; more would be noticed on a phone. */
const LARGEST_GZIP = 20 * 1024;

const cssAsText = {
  name: 'css-as-text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    }),
};

const bundles = [
  { entry: 'iife', format: 'iife', file: 'cobridge.js' },
  { entry: 'module', format: 'esm', file: 'cobridge.mjs' },
];

await Promise.all(
  bundles.map(({ entry, format, file }) =>
    build({
      entryPoints: [join(root, 'libs/page-sdk/src/entries', `${entry}.ts`)],
      outfile: join(options.out, 'sdk/v1', file),
      format,
      bundle: true,
      minify: true,
      sourcemap: 'linked',
      target: 'es2021',
      plugins: [leanSocketIo, cssAsText],
      conditions: ['bridge-source'],
      legalComments: 'none',
      banner: { js: `/*! Cobridge ${version}, ${license}; socket.io-client, MIT */` },
      absWorkingDir: root,
      logLevel: 'warning',
    }),
  ),
);

for (const { file } of bundles) {
  const code = await readFile(join(options.out, 'sdk/v1', file));
  const gzip = gzipSync(code, { level: 9 }).length;
  console.log(`sdk/v1/${file}  ${code.length} bytes, ${gzip} gzip`);
  if (gzip > LARGEST_GZIP) throw new Error(`${file} is larger than ${LARGEST_GZIP} bytes gzip`);
}

if (options.package) {
  const { writePackage } = await import('./package.mjs');
  await writePackage({ root, out: options.out, version, license });
}
