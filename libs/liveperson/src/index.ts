export * from './hook-answer.ts';
export * from './hook.controller.ts';
export * from './notification-intake.ts';
export * from './stream/liveperson-base.ts';
export * from './stream/stream-count.ts';
export * from './stream/stream-supervisor.ts';
export * from './stream/streams.controller.ts';
