import { type Config, ConfigError, readConfig } from './config/config.ts';
import { openLog } from './operations/logging.ts';
import type { RunningBridge } from './start-bridge.ts';
import { welcome } from './welcome.ts';

/** Longer than any request or callback try takes; after that, stopping is not clean any more. */
const STOP_WITHIN_MS = 25_000;

let config: Config;
try {
  config = readConfig(process.env, process.stdout.isTTY);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`Cobridge cannot start: ${error.message}`);
  process.exit(1);
}

const log = openLog({ level: config.logLevel, format: config.logFormat });
let bridge: RunningBridge;
try {
  // Not before: what is wrong with the configuration is said at once, and the rest takes a second to load.
  const { startBridge } = await import('./start-bridge.ts');
  bridge = await startBridge(config, log, (reason) => {
    log.fatal({ event: 'database.died', reason }, 'database.died');
    process.exit(1);
  });
} catch (error) {
  console.error(`Cobridge cannot start: ${explain(error, config)}`);
  if (config.logLevel === 'debug' || config.logLevel === 'trace') console.error(error);
  process.exit(1);
}
welcome(config, bridge.keys, log);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'bridge.stopping', signal }, 'bridge.stopping');
    setTimeout(() => {
      log.error({ event: 'bridge.stop_timed_out' }, 'bridge.stop_timed_out');
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    bridge.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ event: 'bridge.stop_failed', error: String(error) }, 'bridge.stop_failed');
        process.exit(1);
      },
    );
  });
}

/** The commonest reasons in words; the values themselves may hold a password and are never shown. */
function explain(error: unknown, { port, host, databaseUrl }: Config): string {
  const { code, message, syscall, hostname } = error as NodeJS.ErrnoException & { hostname?: string };
  if (code === 'wrong_seal') return message;
  if (code === 'EADDRINUSE') return `PORT ${port} on ${host} is in use. Stop what uses it or choose another PORT.`;
  if (code === 'EACCES' && syscall === 'listen') return `PORT ${port} may not be used by this user. Choose one above 1023.`;
  if (syscall === 'listen' || hostname === host)
    return `HOST ${host} is not an address of this machine (${code}). Use 127.0.0.1 or 0.0.0.0.`;
  if (databaseUrl !== undefined && (code === undefined || /^(E[A-Z]+|28|3D|08|57)/.test(code)))
    return `DATABASE_URL: the database cannot be used (${code ?? message}).`;
  return message;
}
