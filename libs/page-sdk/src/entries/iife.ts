import { bridgeOfScript } from '../boot/script-home.ts';
import { start } from '../boot/start.ts';
import type { Start, StartOptions } from '../types.ts';

const host = window as { Cobridge?: { start?: Start } };
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';
const home = bridgeOfScript(script) ?? (script === '' ? undefined : new URL(script).origin);

// A page that includes the script twice keeps the first.
if (typeof host.Cobridge?.start !== 'function') {
  host.Cobridge = Object.freeze({ start: (options: StartOptions) => start(options, home) });
}
