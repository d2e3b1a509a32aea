export { Brand } from './account.ts';
export type { AccountOptions, DialogUpdate, InviteOptions, NewConversationOptions, User } from './account-options.ts';
export { Emulator, type EmulatorOptions, startEmulator } from './emulator.ts';
export type { Happening, RecordKind } from './journal.ts';
export { Knobs } from './knobs.ts';
export { type Webhook, signature } from './webhooks.ts';
export { javaDouble, wireJson } from './wire-json.ts';
