// The npm package @cobridge/page-sdk: the module bundle, its types and what a package has to carry.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Writes it into `npm/page-sdk` under `out`, where the bundles are. `root` is the repository, `lazy` are the files beside the module. */
export async function writePackage({ root, out, version, license, lazy }) {
  const to = join(out, 'npm/page-sdk');
  await rm(to, { recursive: true, force: true });
  const code = ['cobridge.mjs', ...lazy].flatMap((file) => [file, `${file}.map`]);
  const folders = [...new Set(lazy.map((file) => dirname(file)))];
  await Promise.all(['', ...folders].map((folder) => mkdir(join(to, folder), { recursive: true })));
  await Promise.all([
    ...code.map((file) => copyFile(join(out, 'sdk/v1', file), join(to, file))),
    copyFile(join(root, 'libs/page-sdk/README.md'), join(to, 'README.md')),
    copyFile(join(root, 'LICENSE'), join(to, 'LICENSE')),
    writeFile(join(to, 'cobridge.d.mts'), await declarations(join(root, 'libs/page-sdk/src'))),
    writeFile(join(to, 'package.json'), `${JSON.stringify(manifest(version, license, folders), null, 2)}\n`),
  ]);
  console.log(`npm/page-sdk  @cobridge/page-sdk ${version}`);
}

/** One file: the public types, which import nothing, and the entry without what it takes from beside it. */
async function declarations(sources) {
  const [types, entry] = await Promise.all(['types.ts', 'entries/module.ts'].map((file) => declare(join(sources, file))));
  return `${types}${entry.replace(/^(?:import|export) type .* from '.*';\n/gm, '')}`;
}

async function declare(fileName) {
  const { outputText, diagnostics } = ts.transpileDeclaration(await readFile(fileName, 'utf8'), { fileName, reportDiagnostics: true });
  if (diagnostics?.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost({})));
  return outputText;
}

const manifest = (version, license, folders) => ({
  name: '@cobridge/page-sdk',
  version,
  description: 'Shows cobrowse invitations of a Cobridge bridge on a page, and answers them.',
  license,
  type: 'module',
  sideEffects: false,
  // For TypeScript and bundlers from before `exports`.
  main: './cobridge.mjs',
  types: './cobridge.d.mts',
  exports: { '.': { types: './cobridge.d.mts', default: './cobridge.mjs' } },
  files: ['cobridge.mjs', 'cobridge.mjs.map', 'cobridge.d.mts', ...folders],
});
