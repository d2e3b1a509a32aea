import { emitKeypressEvents } from 'node:readline';

/** One key, one step of the agent. False when there is no keyboard. */
export function listenToKeys(agent, quit, keyboard = process.stdin) {
  if (!keyboard.isTTY) return false;
  const steps = { i: agent.invite, c: agent.cancel, j: agent.join, e: agent.end };
  emitKeypressEvents(keyboard);
  keyboard.setRawMode(true);
  keyboard.on('keypress', (_text, { name, ctrl }) => {
    // A raw terminal sends Ctrl-C as a key.
    if (name === 'q' || (ctrl && name === 'c')) quit();
    else if (Object.hasOwn(steps, name)) steps[name]().catch((error) => console.log(`  ${error.message}`));
  });
  return true;
}
