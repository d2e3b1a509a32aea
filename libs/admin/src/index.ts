export * from './accounts.controller.ts';
export * from './admin-options.ts';
export * from './keys.controller.ts';
export * from './platform-key.ts';
