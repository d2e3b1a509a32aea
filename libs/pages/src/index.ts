export * from './answers.ts';
export * from './asyncapi.ts';
export * from './handshake.ts';
export * from './page-tokens.controller.ts';
export * from './page-tokens.ts';
export * from './pages.gateway.ts';
export * from './socket-pages.ts';
