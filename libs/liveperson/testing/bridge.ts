import {
  type Account,
  Bridge,
  type Callbacks,
  DEFAULT_SETTINGS,
  type Journal,
  type Pages,
  type SessionEvent,
  type Sessions,
  type Timers,
} from '#libs/core';

export const ACCOUNT: Account = { id: '12345678', name: 'A brand', settings: DEFAULT_SETTINGS, createdAt: 0 };

/** A bridge over sessions in memory, and what it told the pages. */
export function bridgeOver(sessions: Sessions): { bridge: Bridge; shown: SessionEvent[] } {
  const shown: SessionEvent[] = [];
  const timers: Timers = { arm: () => {} };
  const pages: Pages = { push: (events) => void shown.push(...events) };
  const callbacks: Callbacks = { enqueue: async () => {} };
  const journal: Journal = { handled: () => {}, codeTried: () => {} };
  return { bridge: new Bridge(sessions, timers, pages, callbacks, journal), shown };
}
