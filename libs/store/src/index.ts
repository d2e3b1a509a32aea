export * from './database.ts';
export * from './embedded/embedded-postgres.ts';
export * from './event-channel.ts';
export * from './postgres-account-records.ts';
export * from './postgres-accounts.ts';
export * from './postgres-deliveries.ts';
export * from './postgres-sessions.ts';
export * from './sealed.ts';
