import type { Envelope } from '#libs/protocol';

export interface ReceivedCallback {
  /** The same when it is delivered again. */
  id: string;
  receivedAt: string;
  event: Envelope;
}

const REOPEN_MS = 2_000;

/** Hears of callbacks that reached the demo's server. Comes back by itself after the bridge was away. */
export function listenToCallbacks(visitorId: string, hear: (callback: ReceivedCallback) => void, connected: (yes: boolean) => void): void {
  const heard = new Set<string>();
  const open = () => {
    const source = new EventSource(`/demo/stream?visitor=${encodeURIComponent(visitorId)}`);
    source.addEventListener('open', () => connected(true));
    source.addEventListener('error', () => {
      connected(false);
      // The browser itself tries again, unless it was refused.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, REOPEN_MS);
    });
    source.addEventListener('callback', ({ data }: MessageEvent<string>) => {
      const callback = JSON.parse(data) as ReceivedCallback;
      if (heard.has(callback.id)) return;
      heard.add(callback.id);
      hear(callback);
    });
  };
  open();
}
