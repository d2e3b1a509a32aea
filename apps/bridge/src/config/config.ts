import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Environment } from './environment.ts';

/** How this bridge runs. Everything but the keys, which are made or read in `installation-keys.ts`. */
export interface Config {
  port: number;
  host: string;
  /** Undefined: PostgreSQL is started in the data folder. */
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  dataDir: string;
  adminKey: string | undefined;
  secretKey: string | undefined;
  callbacksAllowPrivate: boolean;
  /** Closed sessions are kept this long. */
  retentionDays: number;
  demo: boolean;
  /** LivePerson's directory of services; undefined: LivePerson's own. */
  livepersonUrl: string | undefined;
  /** What pages and platforms call: an origin, no slash at the end. */
  publicUrl: string;
  /** Origins of the bridge's own pages. */
  ownOrigins: readonly string[];
  logLevel: string;
  logFormat: 'pretty' | 'json';
}

/** A setting that makes no sense; the message names it and says what it should be. */
export class ConfigError extends Error {}

/** Reads and checks the environment. Variables that are empty count as not set. Throws `ConfigError`, never showing a value. */
export function readConfig(env: Record<string, string | undefined>, terminal: boolean): Config {
  const known = Object.keys(new Environment()).concat(OPTIONAL);
  const given = Object.fromEntries(known.flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])));
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const [trouble] = validateSync(environment, { stopAtFirstError: true });
  if (trouble) throw new ConfigError(`${trouble.property} ${Object.values(trouble.constraints ?? {})[0]}.`);
  const { DATABASE_URL: databaseUrl, PORT: port, HOST: host } = environment;
  const embedded = databaseUrl === undefined;
  if (!embedded && environment.COBRIDGE_ADMIN_KEY === undefined) {
    throw new ConfigError('COBRIDGE_ADMIN_KEY must be set when DATABASE_URL is: choose a long random text.');
  }
  const publicUrl = new URL(environment.PUBLIC_URL ?? `http://localhost:${port}`).origin;
  const local = LOOPBACK.has(host) ? [`http://localhost:${port}`, `http://127.0.0.1:${port}`] : [];
  return {
    port,
    host,
    databaseUrl,
    redisUrl: environment.REDIS_URL,
    dataDir: environment.COBRIDGE_DATA_DIR,
    adminKey: environment.COBRIDGE_ADMIN_KEY,
    secretKey: environment.COBRIDGE_SECRET_KEY,
    callbacksAllowPrivate: environment.COBRIDGE_CALLBACKS_ALLOW_PRIVATE ?? embedded,
    retentionDays: environment.COBRIDGE_RETENTION_DAYS,
    demo: environment.COBRIDGE_DEMO ?? embedded,
    livepersonUrl: environment.LIVEPERSON_CSDS_URL,
    publicUrl,
    ownOrigins: [...new Set([publicUrl, ...local])],
    logLevel: environment.LOG_LEVEL,
    logFormat: environment.LOG_FORMAT ?? (terminal ? 'pretty' : 'json'),
  };
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

const OPTIONAL = [
  'DATABASE_URL',
  'REDIS_URL',
  'COBRIDGE_ADMIN_KEY',
  'COBRIDGE_SECRET_KEY',
  'COBRIDGE_CALLBACKS_ALLOW_PRIVATE',
  'COBRIDGE_DEMO',
  'LIVEPERSON_CSDS_URL',
  'PUBLIC_URL',
  'LOG_FORMAT',
];
