import type { Envelope } from '#libs/protocol';
import type { StreamState } from './stream-line.ts';
import type { HookResult } from './words.ts';

export interface ReceivedCallback {
  /** The same when it is delivered again. */
  id: string;
  receivedAt: string;
  event: Envelope;
}

/** What the demo's server tells of one visitor. */
export interface News {
  callback: ReceivedCallback;
  /** A frame that came over LivePerson's socket, as far as it is about this visitor. */
  notification: { id: string; notification: unknown };
  /** What the bridge made of the notification of that id. */
  answer: { id: string; results: HookResult[]; error?: string };
  stream: StreamState;
}

export type Hear = { [Kind in keyof News]: (news: News[Kind]) => void };

const KINDS = ['callback', 'notification', 'answer', 'stream'] as const;
const REOPEN_MS = 2_000;

/** Hears what the demo's server tells, each thing once. Comes back by itself after the bridge was away. */
export function listenToFeed(visitorId: string, hear: Hear, connected: (yes: boolean) => void): void {
  const heard = new Set<string>();
  const open = () => {
    const source = new EventSource(`/demo/stream?visitor=${encodeURIComponent(visitorId)}`);
    source.addEventListener('open', () => connected(true));
    source.addEventListener('error', () => {
      connected(false);
      // The browser itself tries again, unless it was refused.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, REOPEN_MS);
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
        const news = JSON.parse(data) as { id?: string };
        const key = `${kind} ${news.id}`;
        if (news.id !== undefined && heard.has(key)) return;
        heard.add(key);
        (hear[kind] as (news: object) => void)(news);
      });
    }
  };
  open();
}
