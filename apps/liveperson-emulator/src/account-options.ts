import type { Conversation, MetaData } from './conversation.ts';
import type { Webhook } from './webhooks.ts';

/** A user of the brand. `userId` is the numeric form, `pid` the UUID form of the same agent; `seesAll` may subscribe to the whole account. */
export interface User {
  name: string;
  password: string;
  userId: string;
  pid: string;
  seesAll?: boolean;
  oauth?: { appKey: string; secret: string; accessToken: string; accessTokenSecret: string };
}

export interface AccountOptions {
  id: string;
  users: User[];
  webhooks?: Webhook[];
}

export interface NewConversationOptions {
  /** Without it, a new UUID. */
  consumerId?: string;
  /** `null` leaves the conversation without an agent; by default the account's first user has it. */
  agentUserId?: string | null;
  skillId?: string;
  /** What the visitor's client can do; CO_BROWSE is among it by default. */
  features?: string[];
}

export interface InviteOptions {
  /** By default `view`. */
  mode?: string;
  /** By default 120. */
  expiresInSeconds?: number;
  dialogId?: string;
  /** Overrides single keys; `undefined` takes one away. */
  metaData?: MetaData;
}

export interface DialogUpdate {
  sessionState?: string;
  notificationKey?: string;
  state?: 'OPEN' | 'CLOSE';
  metaData?: MetaData;
}

/** What changes in a dialog of the record. */
export interface DialogPatch {
  state?: 'OPEN' | 'CLOSE';
  metaData?: MetaData;
  closedCause?: string;
}

/** A socket that wants to hear of the account. */
export interface Listener {
  changed(conversation: Conversation, gone: boolean): void;
  said(conversation: Conversation): void;
  raw(frame: string | Buffer): void;
}
