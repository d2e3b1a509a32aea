import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** A program of somebody else that has installed the package. */
let app: string;
beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'page-sdk-'));
  await run(process.execPath, [join(ROOT, 'libs/page-sdk/build.mjs'), '--package', '--out', app]);
  await mkdir(join(app, 'node_modules/@cobridge'), { recursive: true });
  await rename(join(app, 'npm/page-sdk'), join(app, 'node_modules/@cobridge/page-sdk'));
  await writeFile(join(app, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rm(app, { recursive: true }));

const GOOD = `
  import { start, type AnswerError, type Bridge, type Envelope, type Texts } from '@cobridge/page-sdk';
  const bridge: Bridge = start({ url: 'https://bridge.example', getToken: async () => 'token', ui: 'none', dialects: ['liveperson'], locale: 'de' });
  const off: () => void = bridge.on('invited', ({ session, publish }: Envelope) => void [session.agent.name, publish?.data.ssid]);
  bridge.on('error', ({ code, message }) => { if (code === 'token_expired') console.log(message); });
  bridge.accept(bridge.sessions[0]!.id).then(({ status }) => status === 'accepted', (error: AnswerError) => error.code === 'session_expired');
  const texts: Partial<Texts> = { title: 'May we?' };
  start({ token: 'token', dialects: ['fullview', 'cobrowseio'], texts, nonce: 'abc' }).on('requested', ({ session: { topic } }) => topic?.trim());
  bridge.requestHelp({ topic: 'boots' }).then(({ requestedAt }) => requestedAt);
  bridge.createSessionCode().then((code) => code.slice(0, 3));
  bridge.cancelRequest().then(() => {});
  off();
  bridge.stop();`;
const BAD = {
  'an option that is none': "start({ tokens: 'x' })",
  'another ui': "start({ token: 'x', ui: 'popup' })",
  'a text that is none': "start({ token: 'x', texts: { headline: 'x' } })",
  'a dialect that is none': "start({ token: 'x', dialects: ['klingon'] })",
  'an event that is none': "start({ token: 'x' }).on('joined', () => {})",
  'a code that is none': "start({ token: 'x' }).on('error', ({ code }) => code === 'oops')",
};

/** What the compiler says about what is in `app`. That its own libraries are sound is its own affair, and half of its work. */
async function compile(...args: string[]): Promise<string> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr } = await run(process.execPath, [compiler, '--noEmit', '--skipDefaultLibCheck', ...args], { cwd: app }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return stdout || stderr;
}

/** The lines of these programs that the compiler, at its strictest and with nothing of ours, refuses: `page.ts(1,`. */
async function refusedBy(programs: Record<string, string>): Promise<string[]> {
  await Promise.all(Object.entries(programs).map(([file, program]) => writeFile(join(app, file), program)));
  const options = ['--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--lib', 'es2020,dom'];
  return (await compile(...options, ...Object.keys(programs))).match(/^[\w./]+\(\d+(?=,)/gm) ?? [];
}

describe('The npm package', () => {
  it('carries what it needs and depends on nothing', async () => {
    const folder = join(app, 'node_modules/@cobridge/page-sdk');
    expect((await readdir(folder)).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'cobridge.d.mts',
      'cobridge.mjs',
      'cobridge.mjs.map',
      'dialects',
      'languages',
      'package.json',
      'view',
    ]);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: '@cobridge/page-sdk', type: 'module', license: 'Apache-2.0' });
    expect(manifest).not.toHaveProperty('dependencies');
  });

  it(`has types that stand alone and refuse ${Object.keys(BAD).join(', ')}`, async () => {
    const bad = Object.values(BAD).map((use) => `${use};`);
    const refused = await refusedBy({ 'good.ts': GOOD, 'bad.ts': ["import { start } from '@cobridge/page-sdk';", ...bad].join('\n') });
    expect(refused).toEqual(bad.map((_, line) => `bad.ts(${line + 2}`));
  });

  it('has the types that the React example is written against', async () => {
    const example = join(ROOT, 'examples/react');
    const config = {
      extends: join(example, 'tsconfig.json'),
      compilerOptions: { paths: { '@cobridge/page-sdk': [join(app, 'node_modules/@cobridge/page-sdk/cobridge.d.mts')] } },
      include: [join(example, '*')],
    };
    await writeFile(join(app, 'react.json'), JSON.stringify(config));
    expect(await compile('-p', 'react.json')).toBe('');
  });

  it('is sound for package managers, bundlers and TypeScript, old and new', async () => {
    const folder = join(app, 'node_modules/@cobridge/page-sdk');
    const judge = `
      import { readFile } from 'node:fs/promises';
      import { publint } from 'publint';
      import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
      const { messages } = await publint({ pkgDir: process.argv[1], strict: true });
      const { problems } = await checkPackage(createPackageFromTarballData(await readFile(process.argv[2])));
      console.log(JSON.stringify({ messages, problems: problems.map(({ kind, resolutionKind }) => [kind, resolutionKind]) }));`;
    const { stdout: packed } = await run('npm', ['pack', '--json', '--pack-destination', app], { cwd: folder });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', judge, folder, join(app, filename)], { cwd: ROOT });
    expect(JSON.parse(stdout)).toEqual({
      messages: [],
      // A browser's module is no CommonJS: a TypeScript program that is compiled to it has to import() the package.
      problems: [['CJSResolvesToESM', 'node16-cjs']],
    });
  });

  it('is split by a bundler: what a page does not need is not in its first file', async () => {
    await writeFile(
      join(app, 'shop.js'),
      "import { start } from '@cobridge/page-sdk'; start({ url: 'https://bridge.example', token: 'token' });",
    );
    const outdir = join(app, 'bundled');
    await build({ entryPoints: [join(app, 'shop.js')], outdir, bundle: true, splitting: true, format: 'esm', logLevel: 'error' });
    const files = await readdir(outdir);
    expect(files.map((file) => file.replace(/-\w+\.js$/, '')).toSorted()).toEqual(
      expect.arrayContaining(['de', 'es', 'fr', 'he', 'pt', 'shop.js']),
    );
    const first = await readFile(join(outdir, 'shop.js'), 'utf8');
    expect([first.includes('Share this page?'), first.includes('Diese Seite teilen?')]).toEqual([true, false]);
  });

  it('does nothing when a server imports it, and says so when a server starts it', async () => {
    await writeFile(
      join(app, 'server.js'),
      `const before = Object.getOwnPropertyNames(globalThis);
      const { start } = await import('@cobridge/page-sdk');
      const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
      const bridge = start({ url: 'https://bridge.example', token: 'token' });
      const { code } = await new Promise((resolve) => bridge.on('error', resolve));
      console.log(JSON.stringify({ added, code, sessions: bridge.sessions }));`,
    );
    const { stdout } = await run(process.execPath, ['server.js'], { cwd: app });
    expect(JSON.parse(stdout)).toEqual({ added: [], code: 'unavailable', sessions: [] });
  });
});
