import { emitKeypressEvents } from 'node:readline';

/** What an agent can do, by key. Not every agent can do all of it. */
const STEPS = { i: 'invite', c: 'cancel', j: 'join', e: 'end', t: 'take', r: 'refuse' };

/** The keys of what this agent can do, as `[key, step]`. */
export const keysOf = (agent) => Object.entries(STEPS).filter(([, step]) => step in agent);

/** One key, one step of the agent. False when there is no keyboard. */
export function listenToKeys(agent, quit, keyboard = process.stdin) {
  if (!keyboard.isTTY) return false;
  const steps = new Map(keysOf(agent));
  emitKeypressEvents(keyboard);
  keyboard.setRawMode(true);
  keyboard.on('keypress', (_text, { name, ctrl }) => {
    // A raw terminal sends Ctrl-C as a key.
    if (name === 'q' || (ctrl && name === 'c')) quit();
    else if (steps.has(name)) agent[steps.get(name)]().catch((error) => console.log(`  ${error.message}`));
  });
  return true;
}
