import { ConfigError, readConfig } from './config.ts';

describe('the configuration', () => {
  it('has defaults that work on a bare machine', () => {
    expect(readConfig({}, false)).toEqual({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      redisUrl: undefined,
      dataDir: '.data',
      adminKey: undefined,
      secretKey: undefined,
      callbacksAllowPrivate: true,
      retentionDays: 90,
      demo: true,
      publicUrl: 'http://localhost:3000',
      ownOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
      logLevel: 'info',
      logFormat: 'json',
    });
    expect(readConfig({}, true).logFormat).toBe('pretty');
  });

  it('is strict by itself with a database of your own', () => {
    const config = readConfig(
      { DATABASE_URL: 'postgres://u:p@db/cobridge', COBRIDGE_ADMIN_KEY: 'a-long-admin-key', PUBLIC_URL: 'https://bridge.example/' },
      false,
    );
    expect(config).toMatchObject({ callbacksAllowPrivate: false, demo: false, publicUrl: 'https://bridge.example' });
    expect(config.ownOrigins).toContain('https://bridge.example');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ DATABASE_URL: '', REDIS_URL: '', PORT: '' }, false)).toMatchObject({
      databaseUrl: undefined,
      redisUrl: undefined,
      port: 3000,
    });
  });

  it('takes a socket folder for a database', () => {
    const url = 'postgres://app@localhost/postgres?host=%2Ftmp%2Fsockets';
    expect(readConfig({ DATABASE_URL: url, COBRIDGE_ADMIN_KEY: 'a-long-admin-key' }, false).databaseUrl).toBe(url);
  });

  it.each([
    ['PORT', { PORT: '0' }],
    ['PORT', { PORT: '3000.5' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://secret@x/y', COBRIDGE_ADMIN_KEY: 'a-long-admin-key' }],
    ['COBRIDGE_ADMIN_KEY', { DATABASE_URL: 'postgres://u:secret@db/x' }],
    ['COBRIDGE_ADMIN_KEY', { COBRIDGE_ADMIN_KEY: 'secret' }],
    ['COBRIDGE_ADMIN_KEY', { COBRIDGE_ADMIN_KEY: 'a secret with blanks' }],
    ['COBRIDGE_ADMIN_KEY', { COBRIDGE_ADMIN_KEY: ' secret-at-the-end-of-a-line\n' }],
    ['COBRIDGE_ADMIN_KEY', { COBRIDGE_ADMIN_KEY: 'sécret-sécret-secret' }],
    ['COBRIDGE_ADMIN_KEY', { COBRIDGE_ADMIN_KEY: 'secret'.repeat(100) }],
    ['PUBLIC_URL', { PUBLIC_URL: 'secret' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'ftp://secret.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://bridge.example/secret' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://bridge.example?secret' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://bridge.example#secret' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://user:secret@bridge.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://bridge.example:secret' }],
    ['COBRIDGE_SECRET_KEY', { COBRIDGE_SECRET_KEY: 'secret' }],
    ['COBRIDGE_RETENTION_DAYS', { COBRIDGE_RETENTION_DAYS: '0' }],
    ['COBRIDGE_CALLBACKS_ALLOW_PRIVATE', { COBRIDGE_CALLBACKS_ALLOW_PRIVATE: 'secret' }],
    ['REDIS_URL', { REDIS_URL: 'http://secret' }],
    ['LOG_FORMAT', { LOG_FORMAT: 'secret' }],
  ])('that makes no sense is refused by the name of %s, without its value: %j', (name, env) => {
    const read = (): unknown => readConfig(env, false);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} must`));
    expect(read).not.toThrow(/secret/);
  });
});
