export * from './envelope.ts';
export * from './page-wire.ts';
export * from './problem.ts';
