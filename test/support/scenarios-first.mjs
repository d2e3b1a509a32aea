import Sequencer from '@jest/test-sequencer';

const isScenario = ({ path }) => path.endsWith('.scenario.ts');

/** As Jest orders them, the longest first as far as it knows, but every scenario before any unit test: so no worker is left alone with a long one. */
export default class ScenariosFirst extends Sequencer {
  async sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- Jest's, and no array's.
    const sorted = await super.sort(tests);
    return [...sorted.filter(isScenario), ...sorted.filter((test) => !isScenario(test))];
  }
}
