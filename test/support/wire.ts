import type { BrowserContext } from 'playwright-core';

/** The WebSockets of a browser context, held by the hand. What is held is passed on by `release`, in order, or lost with its page. */
export interface Wire {
  /** `up`: from the page to the bridge. */
  hold(direction: 'up' | 'down'): void;
  release(): void;
  /** Loses what is held, and holds nothing from now on. */
  lose(): void;
  /** Resolves when the next message is being held. */
  nextHeld(): Promise<void>;
}

/** Takes the wire of every page that the context opens from now on. */
export async function takeWire(context: BrowserContext): Promise<Wire> {
  let holding: 'up' | 'down' | undefined;
  let held: (() => void)[] = [];
  let heard = (): void => {};
  const pass = (direction: 'up' | 'down', send: () => void): void => {
    if (holding !== direction) return send();
    held.push(send);
    heard();
  };
  await context.routeWebSocket(/socket\.io/, (page) => {
    const bridge = page.connectToServer();
    page.onMessage((message) => pass('up', () => bridge.send(message)));
    bridge.onMessage((message) => pass('down', () => page.send(message)));
  });
  const lose = (): void => {
    holding = undefined;
    held = [];
  };
  return {
    hold: (direction) => void (holding = direction),
    release() {
      const messages = held;
      lose();
      for (const send of messages) send();
    },
    lose,
    nextHeld: () => new Promise((resolve) => (heard = resolve)),
  };
}
