import { agentName } from './agent-name.ts';

describe("An agent's name on the card", () => {
  it.each([
    ['is as it is', 'Zoë 👩‍👩‍👧 O’Neill', 'Zoë 👩‍👩‍👧 O’Neill'],
    ['is one line', '  Alex\r\n\tof\u2028the shop ', 'Alex of the shop'],
    ['does not turn the sentence around', '\u202eAlex\u2066 \u200f(Shop)', 'Alex (Shop)'],
    ['is not longer than a sentence bears', 'x'.repeat(255), `${'x'.repeat(59)}…`],
    ['is not cut within a character', '🦊'.repeat(61), `${'🦊'.repeat(59)}…`],
    ['may have all that it may have', '🦊'.repeat(60), '🦊'.repeat(60)],
    ['is empty when there is nothing to read', ' \u202e\n', ''],
    ['is empty when nobody has told it', undefined, ''],
  ])('%s', (_, name, shown) => {
    expect(agentName(name)).toBe(shown);
  });
});
