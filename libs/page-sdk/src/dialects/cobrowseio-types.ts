import type { CobrowseEndedReason, CobrowseState } from '#libs/dialects';

export type DeviceControlState = 'on' | 'off' | 'requested' | 'rejected';
type Selector = string | { [urlPattern: string]: string[] };
type Link = string | RegExp;
type Listener = (...args: any[]) => void;

/** A session as Cobrowse.io's page code knows one: one object for its whole life, updated in place. */
export interface CobrowseIOSession {
  readonly capabilities: string[];
  readonly metrics: { last_alive: Date | null; latency: number | null };
  id(): string;
  code(): string | undefined;
  state(): CobrowseState;
  isPending(): boolean;
  isAuthorizing(): boolean;
  isActive(): boolean;
  isEnded(): boolean;
  /** Says yes for the visitor. */
  activate(): Promise<this>;
  /** Takes the request back, says no, or ends the session: whatever comes next. */
  end(): Promise<this>;
  endedReason(): CobrowseEndedReason | undefined;
  agent(): Record<string, unknown> | false;
  agents(): Record<string, unknown>[];
  requireConsent(): boolean;
  fullDevice(): boolean;
  setFullDevice(state: DeviceControlState): Promise<this>;
  remoteControl(): DeviceControlState;
  setRemoteControl(state: DeviceControlState): Promise<this>;
  redactionSelectors(): string[];
  unredactionSelectors(): string[];
  readonly created: Date;
  readonly expires: Date;
  readonly activated: Date | null;
  readonly updated: Date | null;
  readonly ended: Date | null;
}

/** What page code may set until `start`; afterwards setting it throws. Nothing here shares the screen, so it is only kept. */
export interface CobrowseIOSettings {
  license: string;
  api: string;
  capabilities: string[];
  redactedViews: Selector[];
  unredactedViews: Selector[];
  ignoredViews: Selector[];
  disabledViews: Selector[];
  enabledViews: Selector[];
  universalLinks: Link[];
  pdfLinks: Link[];
  virtualAgent: string | undefined;
}

/** What page code may replace by functions of its own. */
export interface CobrowseIOHooks {
  confirmSession: (session?: CobrowseIOSession) => Promise<boolean>;
  confirmRemoteControl: (session?: CobrowseIOSession) => Promise<boolean>;
  confirmFullDevice: (session?: CobrowseIOSession) => Promise<boolean>;
  showSessionControls: (session?: CobrowseIOSession) => Promise<void>;
  hideSessionControls: (session?: CobrowseIOSession) => Promise<void>;
}

export interface CobrowseIOEmitter {
  on(event: string | symbol, listener: Listener): this;
  addListener(event: string | symbol, listener: Listener): this;
  prependListener(event: string | symbol, listener: Listener): this;
  once(event: string | symbol, listener: Listener): this;
  prependOnceListener(event: string | symbol, listener: Listener): this;
  off(event: string | symbol, listener: Listener): this;
  removeListener(event: string | symbol, listener: Listener): this;
  removeAllListeners(event?: string | symbol): this;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  listeners(event: string | symbol): Function[];
  rawListeners(event: string | symbol): Function[];
  listenerCount(event: string | symbol): number;
  eventNames(): (string | symbol)[];
  /** There is no limit. */
  setMaxListeners(most: number): this;
  getMaxListeners(): number;
}

/** `window.CobrowseIO` as far as this SDK speaks it. */
export interface CobrowseIO extends CobrowseIOSettings, CobrowseIOHooks, CobrowseIOEmitter {
  readonly version: string;
  readonly currentSession: CobrowseIOSession | null;
  customData: Record<string, string>;
  registration: boolean;
  trustedOrigins: Link[];
  client(): Promise<CobrowseIO>;
  start(options?: { allowIFrameStart?: boolean }): Promise<CobrowseIO>;
  stop(): Promise<CobrowseIO>;
  deviceId(): string;
  createSession(): Promise<CobrowseIOSession>;
  createSessionCode(): Promise<string>;
  getSession(idOrCode: string): Promise<CobrowseIOSession>;
}
