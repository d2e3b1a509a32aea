import jestSequencer from '@jest/test-sequencer';

const Sequencer = jestSequencer.default ?? jestSequencer;
const isScenario = ({ path }) => path.endsWith('.scenario.ts');

/** As Jest orders them, the longest first as far as it knows, but every scenario before any unit test: so no worker is left alone with a long one. */
export default class ScenariosFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return [...sorted.filter(isScenario), ...sorted.filter((test) => !isScenario(test))];
  }
}
