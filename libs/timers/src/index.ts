export * from './bullmq-timers.ts';
export * from './sweep.ts';
