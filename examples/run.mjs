// npm run example -- <name>: starts a bridge and one of the examples, and makes you the agent. README.md says what to do then.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccount } from './runner/account.mjs';
import { openAgent } from './runner/agent.mjs';
import { startBridge } from './runner/bridge.mjs';
import { listenToKeys } from './runner/keyboard.mjs';
import { openLivePersonAgent } from './runner/liveperson-agent.mjs';
import { news, welcome } from './runner/say.mjs';
import { listen, serveSite } from './runner/site.mjs';

const PORT = process.env.PORT || '8800';

/** `packages` are files of npm packages that the page loads by these names. */
const EXAMPLES = {
  plain: {},
  react: { builds: true },
  'liveperson-tag': { liveperson: true, packages: { '/chronos.js': 'chronosjs/dist/min/Events.js' } },
  'raw-socket': { packages: { '/socket.io-client.js': 'socket.io-client/dist/socket.io.esm.min.js' } },
};

const name = process.argv[2] ?? '';
if (!Object.hasOwn(EXAMPLES, name)) {
  console.error(`Which example? npm run example -- ${Object.keys(EXAMPLES).join(' | ')}`);
  process.exit(1);
}
const { builds, liveperson, packages } = EXAMPLES[name];

/** What is undone at the end, newest first. */
const undo = [];
let stopping = false;

async function stop(exitCode) {
  if (stopping) return;
  stopping = true;
  for (const step of undo.toReversed()) await step();
  process.exit(exitCode);
}
process.on('uncaughtException', (error) => {
  console.error(error);
  void stop(1);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));

try {
  const { server, origin, close } = await listen(PORT);
  undo.push(close);
  const folder = mkdtempSync(join(tmpdir(), 'cobridge-example-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  // Started by root, the bridge's PostgreSQL runs as somebody else, who has to get in here.
  chmodSync(folder, 0o755);

  console.log('Starting a bridge …');
  const bridge = await startBridge(join(folder, 'bridge'), {
    started: (end) => undo.push(end),
    died: (said) => {
      if (!stopping) console.error(`The bridge has ended:\n${said}`);
      void stop(1);
    },
  });
  const built = join(folder, 'built');
  if (builds) await (await import(`./${name}/build.mjs`)).build(built);

  const account = await openAccount(bridge, origin);
  const agent = liveperson ? openLivePersonAgent(bridge, account) : openAgent(account);
  const folders = [join(import.meta.dirname, name), ...(builds ? [built] : [])];
  serveSite(server, { bridge, account, agent, folders, packages, told: (event) => console.log(news(event)) });
  console.log(welcome({ name, origin, bridge, agent, keyboard: listenToKeys(agent, () => void stop(0)) }));
} catch (error) {
  if (error.code === 'EADDRINUSE') error.message = `PORT ${PORT} is in use. Choose another: PORT=8801 npm run example -- ${name}`;
  if (!stopping) console.error(error.message);
  await stop(1);
}
