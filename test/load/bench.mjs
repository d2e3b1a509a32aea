import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cleanUp } from './machine/children.mjs';
import { separateCores } from './machine/cores.mjs';
import { describeMachine } from './machine/describe.mjs';
import { FULL, QUICK } from './scale.mjs';
import { callbacks } from './sections/callbacks.mjs';
import { expiry } from './sections/expiry.mjs';
import { latency } from './sections/latency.mjs';
import { memory } from './sections/memory.mjs';
import { mixed } from './sections/mixed.mjs';
import { stream } from './sections/stream.mjs';
import { sustained } from './sections/sustained.mjs';

const SECTIONS = { latency, sustained, mixed, stream, expiry, callbacks, memory };
const USAGE = `npm run bench -- [--quick] [${Object.keys(SECTIONS).join('] [')}]`;

const { names, scale } = readArguments();
if (process.platform !== 'linux') fail('The benchmark reads /proc: it needs Linux.');
if (!existsSync(join(import.meta.dirname, '../../dist/apps/bridge/src/main.js')))
  fail('The benchmark runs the built bridge: npm run build');

let ending = null;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(130));
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => {
    if (ending === null) console.error(error);
    end(1);
  });
}

const cores = separateCores();
print(
  '# Performance',
  '',
  `\`npm run bench${process.argv.slice(2).length > 0 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}\`, ${new Date().toISOString().slice(0, 10)}.`,
  '',
);
print(...describeMachine(cores), '');
for (const name of names) {
  print(...(await SECTIONS[name]({ core: cores?.system ?? null, scale, progress: (line) => console.error(`  ${line}`) })), '');
}
await end(0);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean', default: false } }, allowPositionals: true });
    const unknown = positionals.find((name) => !(name in SECTIONS));
    if (unknown !== undefined) throw new Error(`There is no section ${unknown}.`);
    return { names: positionals.length > 0 ? positionals : Object.keys(SECTIONS), scale: values.quick ? QUICK : FULL };
  } catch (error) {
    return fail(`${error.message} Usage: ${USAGE}`);
  }
}

function print(...lines) {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Whatever happened, and however often, nothing stays behind. */
function end(code) {
  ending ??= cleanUp().finally(() => process.exit(code));
  return ending;
}
