import type { Bridge, Envelope, SessionView } from '../types.ts';

/** What the SDK lends a dialect. */
export interface DialectHost {
  window: Window;
  /** The public object. */
  bridge: Bridge;
  /** The code of a request made on this tab, while it is open. */
  codeOf(sessionId: string): string | undefined;
  /** Shows the visitor's card for an invitation that `claims` held back, or holds it back again. */
  rerender(): void;
  complain(problem: unknown): void;
}

/** Another product's own words, spoken to code of the page that was written for it. */
export interface Dialect {
  /** Every news about a session, once, in order, before the page's own handlers; `before` is the session as this page knew it. */
  told(event: Envelope, before: SessionView | undefined): void;
  /** True for an invitation that the page answers itself through this dialect: the card is not shown for it. */
  claims?(session: SessionView): boolean;
  stop(): void;
}

/** What the file of a dialect exports as `open`. */
export type OpenDialect = (host: DialectHost) => Dialect;
