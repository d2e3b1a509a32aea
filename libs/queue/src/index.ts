export * from './come-back.ts';
export * from './hints.ts';
export * from './queue-engine.ts';
export * from './trouble.ts';
