// Builds the demo's pages into dist/demo, which the bridge serves at /demo.
import { cp, readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const from = new URL('src/', import.meta.url);
const to = new URL('../../dist/demo/', import.meta.url);

await rm(to, { recursive: true, force: true });
await build({
  entryPoints: [
    { in: 'panel/panel.ts', out: 'demo' },
    { in: 'panel/panel.css', out: 'demo' },
    { in: 'shop/shop.ts', out: 'shop' },
    { in: 'shop/shop.css', out: 'shop' },
  ],
  absWorkingDir: from.pathname,
  outdir: to.pathname,
  format: 'esm',
  bundle: true,
  minify: true,
  target: 'es2022',
  external: ['/demo/files/*'],
  conditions: ['bridge-source'],
  legalComments: 'none',
  logLevel: 'warning',
});
const images = await readdir(new URL('shop/images/', from));
const files = [
  ['panel/panel.html', 'demo.html'],
  ['panel/cobridge.svg', 'cobridge.svg'],
  ['shop/shop.html', 'shop.html'],
  ...images.map((name) => [`shop/images/${name}`, name]),
];
await Promise.all(files.map(([source, target]) => cp(new URL(source, from), new URL(target, to))));
