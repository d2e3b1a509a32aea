import type { Envelope, Publish } from '#libs/protocol';

/** What a shop page tells of itself. `here` is the page beside the panel. */
export type ShopNews = { place: 'here' | 'elsewhere' } & (
  { kind: 'page'; event: Envelope } | { kind: 'published'; publish: Publish } | { kind: 'trouble'; code: string; message: string }
);

/** Joins the visitor's shop pages with the panel. Only pages of this origin hear it. */
export function shopNewsChannel(visitorId: string): { tell(news: ShopNews): void; listen(hear: (news: ShopNews) => void): void } {
  const channel = new BroadcastChannel(`cobridge-demo:${visitorId}`);
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
    tell: (news) => channel.postMessage(news),
    listen: (hear) => channel.addEventListener('message', ({ data }: MessageEvent<ShopNews>) => hear(data)),
  };
}
