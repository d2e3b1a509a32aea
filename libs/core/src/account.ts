import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { Instant } from './session.ts';

/** Where the account's events are called back. `secret` is a Standard Webhooks secret (`whsec_…`). */
export interface CallbackEndpoint {
  url: string;
  /** Event types wanted; all when absent. */
  events?: readonly string[];
  secret: string;
}

/** How agents are named to LivePerson's tag: the participant's UUID or `<account>.<number>`. */
export const AGENT_ID_FORMS = ['uuid', 'numeric'] as const;
export type AgentIdForm = (typeof AGENT_ID_FORMS)[number];

/** How a bridge shows an agent login who it is; one of the three (LivePerson's login service). */
export type AgentCredentials =
  | { bearer: string }
  | { username: string; password: string }
  | { username: string; appKey: string; secret: string; accessToken: string; accessTokenSecret: string };

/**
 * Listening to LivePerson's messaging sockets. `brand` hears all of the account with an agent's login; `consumer` hears one visitor
 * at a time, with the token that the brand's server hands over for each.
 */
export type StreamSettings = { kind: 'brand'; credentials: AgentCredentials } | { kind: 'consumer' };

export interface Settings extends Policy {
  /** Exact page origins; the bridge's own is always allowed. */
  allowedOrigins: readonly string[];
  agentIdForm: AgentIdForm;
  liveperson: { appSecret?: string; stream?: StreamSettings };
  callbacks: readonly CallbackEndpoint[];
}

/** What an account's id may be: it stands in addresses and is often the platform's own name for the brand. */
export const ACCOUNT_ID = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

export interface Account {
  /** `ACCOUNT_ID` */
  id: string;
  name: string;
  settings: Settings;
  /** Tells it from an account of the same id that was deleted before. */
  createdAt: Instant;
}

export const DEFAULT_SETTINGS: Settings = {
  ...DEFAULT_POLICY,
  allowedOrigins: [],
  agentIdForm: 'uuid',
  liveperson: {},
  callbacks: [],
};
