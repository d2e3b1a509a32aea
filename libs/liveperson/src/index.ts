export * from './hook-answer.ts';
export * from './hook.controller.ts';
export * from './notification-intake.ts';
