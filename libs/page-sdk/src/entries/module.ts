import { bridgeOfScript } from '../boot/script-home.ts';
import { start as startFrom } from '../boot/start.ts';
import type { Bridge, StartOptions } from '../types.ts';

export type * from '../types.ts';

/**
 * Connects the page to the bridge. Never throws: what is wrong with the options is told to `error` handlers and the console.
 *
 * @example
 * const bridge = start({ url: 'https://bridge.example', getToken: () => fetch('/page-token').then((answer) => answer.text()) });
 * bridge.on('invited', ({ session }) => console.log(session.agent.name, 'asks to join', session.mode));
 */
export function start(options: StartOptions): Bridge {
  return startFrom(options, bridgeOfScript(import.meta.url));
}
