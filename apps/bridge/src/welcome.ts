import type { Logger as Pino } from 'pino';
import type { Config } from './config/config.ts';
import type { InstallationKeys } from './config/installation-keys.ts';

/** Says where the bridge is and what to do next, and how it is configured; secrets only by whether they are there. */
export function welcome(config: Config, keys: InstallationKeys, log: Pino): void {
  log.info(
    {
      event: 'bridge.started',
      listening: `http://${config.host}:${config.port}`,
      publicUrl: config.publicUrl,
      database: config.databaseUrl === undefined ? `embedded in ${config.dataDir}` : `external (${hostOf(config.databaseUrl)})`,
      queue: config.redisUrl === undefined ? 'postgres' : `redis (${hostOf(config.redisUrl)})`,
      adminKey: config.adminKey === undefined ? 'generated' : 'given',
      secretKey: config.secretKey !== undefined ? 'given' : config.databaseUrl === undefined ? 'generated' : 'derived from the admin key',
      callbacksAllowPrivate: config.callbacksAllowPrivate,
      demo: config.demo,
    },
    'bridge.started',
  );
  const lines = ['', `  Cobridge is running on ${config.publicUrl}`, ''];
  if (config.demo)
    lines.push(
      `  Demo:      ${config.publicUrl}/demo`,
      '             Open it and press "Invite": an agent writes at an emulated LivePerson,',
      '             the bridge hears of it, and the offer appears in the shop beside it.',
      '',
    );
  lines.push(
    `  API:       ${config.publicUrl}/docs`,
    `  Page SDK:  ${config.publicUrl}/sdk/v1/cobridge.js`,
    `  Health:    ${config.publicUrl}/health/ready`,
    '',
  );
  if (keys.adminKeyIsNew)
    lines.push(`  Admin key: ${keys.adminKey}`, `             Shown this once; it is kept in ${config.dataDir}/admin-key.`, '');
  process.stderr.write(`${lines.join('\n')}\n`);
}

function hostOf(url: string): string {
  try {
    return new URL(url).host || 'local socket';
  } catch {
    return 'unknown';
  }
}
