import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The arrows of docs/architecture.md: who may import whom. */
const MAY: Record<string, readonly string[]> = {
  core: [],
  queue: [],
  protocol: ['core'],
  dialects: ['protocol'],
  'page-sdk': ['protocol', 'dialects'],
  http: ['core', 'protocol'],
  store: ['core', 'protocol'],
  timers: ['core', 'protocol', 'queue'],
  callbacks: ['core', 'protocol', 'queue'],
  liveperson: ['core', 'protocol', 'http'],
  platform: ['core', 'protocol', 'http'],
  admin: ['core', 'protocol', 'http'],
  pages: ['core', 'protocol', 'http'],
};
const LIBRARIES = Object.keys(MAY);

/** File → what it would import → whether it may. */
const imports: Record<string, Record<string, boolean>> = {
  'apps/bridge/src/part.ts': {
    ...Object.fromEntries(LIBRARIES.map((library) => [`#libs/${library}`, true])),
    '../../../libs/core/src/bridge.ts': false,
    '../../../libs/core/testing/memory-sessions.ts': false,
    '../../demo/src/ask.ts': false,
    '../../liveperson-emulator/src/index.ts': true,
    '../../liveperson-emulator/src/account.ts': false,
    '../../../dist/libs/core/src/index.js': false,
  },
  'apps/demo/src/part.ts': {
    ...Object.fromEntries(LIBRARIES.map((library) => [`#libs/${library}`, library === 'protocol'])),
    '../../bridge/src/version.ts': false,
    './ask.ts': true,
  },
  'apps/liveperson-emulator/src/part.ts': {
    ...Object.fromEntries(LIBRARIES.map((library) => [`#libs/${library}`, false])),
    '../../bridge/src/version.ts': false,
    '../../../libs/liveperson/src/wire.ts': false,
    './account.ts': true,
    ws: true,
  },
};
for (const [library, may] of Object.entries(MAY)) {
  imports[`libs/${library}/src/part.ts`] = {
    ...Object.fromEntries(LIBRARIES.map((other) => [`#libs/${other}`, may.includes(other)])),
    ...Object.fromEntries(LIBRARIES.map((other) => [`../../${other}/src/bridge.ts`, false])),
    '../testing/sessions.ts': false,
    './index.ts': false,
    './other.ts': true,
  };
  imports[`libs/${library}/src/deep/part.ts`] = {
    '../../../http/src/body.ts': false,
    '../index.ts': false,
    '../other.ts': true,
    '../deeper/index.ts': true,
  };
}
for (const pure of ['core', 'protocol', 'dialects']) {
  const theirs = ['jose', 'ioredis', 'socket.io', '@nestjs/common', 'fs', 'fs/promises', 'node:fs', 'node:process'];
  Object.assign(imports[`libs/${pure}/src/part.ts`]!, Object.fromEntries(theirs.map((name) => [name, false])), {
    'node:crypto': pure === 'core',
  });
}

describe('the linter', () => {
  let folder: string;
  let found: { code: string; filename: string; labels: { span: { line: number } }[] }[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cobridge-boundaries-'));
    copyFileSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
    for (const [file, targets] of Object.entries(imports))
      write(
        file,
        Object.keys(targets).map((target) => `import '${target}';\n`),
      );
    write('libs/core/src/environment.ts', ["export const port = process.env['PORT'];\n"]);
    const linted = spawnSync(process.execPath, [join(process.cwd(), 'node_modules/oxlint/bin/oxlint'), '--format', 'json', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    ({ diagnostics: found } = JSON.parse(linted.stdout) as { diagnostics: typeof found });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(file: string, lines: string[]): void {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), lines.join(''));
  }

  it('knows every library', () => {
    expect(readdirSync('libs').toSorted()).toEqual(LIBRARIES.toSorted());
  });

  it.each(Object.keys(imports))('lets %s import what its room may, and nothing else', (file) => {
    const targets = Object.entries(imports[file]!);
    const refused = found
      .filter(({ code, filename }) => filename === file && code === 'eslint(no-restricted-imports)')
      .map(({ labels }) => targets[labels[0]!.span.line - 1]![0]);
    const forbidden = targets.filter(([, may]) => !may).map(([target]) => target);
    expect([...new Set(refused)].toSorted()).toEqual(forbidden.toSorted());
  });

  it('lets no library read the environment', () => {
    expect(found).toContainEqual(expect.objectContaining({ filename: 'libs/core/src/environment.ts', code: 'node(no-process-env)' }));
  });
});
