export * from './bullmq-callbacks.ts';
export type { AttemptReport } from './deliver.ts';
export * from './endpoint-address.ts';
export * from './secret.ts';
