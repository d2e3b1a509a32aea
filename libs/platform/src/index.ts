export * from './code-desk.ts';
export * from './codes.controller.ts';
export * from './guess-limit.ts';
export * from './help-requests.controller.ts';
export * from './session-commands.ts';
export * from './sessions.controller.ts';
