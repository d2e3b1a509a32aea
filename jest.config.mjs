import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The packages of npm that are ES modules. */
const modules = readdirSync(new URL('node_modules/', import.meta.url))
  .flatMap((name) =>
    name.startsWith('@') ? readdirSync(new URL(`node_modules/${name}/`, import.meta.url)).map((one) => `${name}/${one}`) : name,
  )
  .filter((name) => typeOf(name) === 'module');

function typeOf(name) {
  try {
    return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).type;
  } catch {
    return undefined; // Not a package.
  }
}

/** Our own code and every ES module become CommonJS through swc: no Node flag, the same on Node 20 to 26, and CommonJS add-ons see the same Nest. */
const transform = {
  '^.+\\.m?[jt]s$': [
    '@swc/jest',
    {
      swcrc: false,
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
    },
  ],
};

const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['bridge-source', 'node', 'node-addons'] },
  transformIgnorePatterns: [`/node_modules/(?!(?:${modules.join('|')})/)(?!.*(?:/node_modules/|\\.mjs$))`],
  transform,
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'scenarios',
      testMatch: ['<rootDir>/test/**/*.scenario.ts'],
      globalSetup: '<rootDir>/test/support/build-program.mjs',
      globalTeardown: '<rootDir>/test/support/shared-program.mjs',
    },
  ],
  globalSetup: '<rootDir>/test/support/run-folder.mjs',
  testSequencer: '<rootDir>/test/support/scenarios-first.mjs',
  testTimeout: 30_000,
  // A third of a test's time is waiting for another process, so four keep two cores busy, which three do not; many would starve each other.
  maxWorkers: Math.min(4, availableParallelism() + 2),
  collectCoverageFrom: ['{apps,libs}/**/*.ts'],
};
