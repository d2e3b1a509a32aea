// The npm package @cobridge/page-sdk: the module bundle, its types and what a package has to carry.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import ts from 'typescript';

const folder = 'dist/npm/page-sdk/';

/** `at` makes the URL of a path in the repository. */
export async function writePackage({ at, version, license }) {
  const to = (file) => at(folder + file);
  await rm(at(folder), { recursive: true, force: true });
  await mkdir(at(folder), { recursive: true });
  await Promise.all([
    copyFile(at('dist/sdk/v1/cobridge.mjs'), to('cobridge.mjs')),
    copyFile(at('dist/sdk/v1/cobridge.mjs.map'), to('cobridge.mjs.map')),
    copyFile(at('libs/page-sdk/README.md'), to('README.md')),
    copyFile(at('LICENSE'), to('LICENSE')),
    writeFile(to('cobridge.d.mts'), await declarations(at)),
    writeFile(to('package.json'), `${JSON.stringify(manifest(version, license), null, 2)}\n`),
  ]);
  console.log(`${folder}  @cobridge/page-sdk ${version}`);
}

/** One file: the public types, which import nothing, and the entry without what it takes from beside it. */
async function declarations(at) {
  const [types, entry] = await Promise.all(['types', 'entries/module'].map((name) => declare(at(`libs/page-sdk/src/${name}.ts`))));
  return `${types}${entry.replace(/^(?:import|export) type .* from '.*';\n/gm, '')}`;
}

async function declare(file) {
  const { outputText, diagnostics } = ts.transpileDeclaration(await readFile(file, 'utf8'), {
    fileName: file.pathname,
    compilerOptions: { strict: true },
    reportDiagnostics: true,
  });
  if (diagnostics?.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost({})));
  return outputText;
}

const manifest = (version, license) => ({
  name: '@cobridge/page-sdk',
  version,
  description: 'Shows cobrowse invitations of a Cobridge bridge on a page, and answers them.',
  license,
  type: 'module',
  sideEffects: false,
  exports: { '.': { types: './cobridge.d.mts', default: './cobridge.mjs' } },
  files: ['cobridge.mjs', 'cobridge.mjs.map', 'cobridge.d.mts'],
});
