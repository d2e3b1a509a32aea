import { availableParallelism } from 'node:os';

/** Everything, node_modules too, becomes CommonJS through swc: no Node flag, the same on Node 20 to 26, and CommonJS add-ons see the same Nest. */
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
  transformIgnorePatterns: [],
  transform,
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs}/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'scenarios',
      testMatch: ['<rootDir>/test/**/*.scenario.ts'],
      globalSetup: '<rootDir>/test/support/build-program.mjs',
    },
  ],
  testTimeout: 30_000,
  // Much of a test's time is waiting for another process, so three share two cores well; many would starve each other.
  maxWorkers: Math.min(4, availableParallelism() + 1),
  collectCoverageFrom: ['{apps,libs}/**/*.ts'],
};
