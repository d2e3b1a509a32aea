export * from './sessions.controller.ts';
