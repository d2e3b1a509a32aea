import type { Envelope } from '#libs/protocol';
import { openSession } from '../demo-session.ts';
import { type ShopNews, shopNewsChannel } from '../shop-news.ts';
import { openBasket } from './basket.ts';
import { installStandInTag } from './stand-in-tag.ts';

/** As much of the page SDK as this shop uses; the page includes it by tag. */
declare const Cobridge: {
  start(options: { getToken: () => Promise<string>; ui: 'card' }): {
    on(event: 'invited' | 'accepted' | 'active' | 'closed', handler: (event: Envelope) => void): void;
    on(event: 'error', handler: (error: { code: string; message: string }) => void): void;
  };
};

const named = location.hash.slice(1);
const { visitorId } = await openSession(named === '' ? undefined : named);
const place: ShopNews['place'] = window.top === window ? 'elsewhere' : 'here';
const news = shopNewsChannel(visitorId);

installStandInTag((publish) => news.tell({ place, kind: 'published', publish }));

const bridge = Cobridge.start({
  // A real shop asks its own server, which knows who is logged in.
  getToken: async () => (await openSession(visitorId)).token,
  ui: 'card',
});
for (const name of ['invited', 'accepted', 'active', 'closed'] as const) {
  bridge.on(name, (event) => news.tell({ place, kind: 'page', event }));
}
bridge.on('error', ({ code, message }) => news.tell({ place, kind: 'trouble', code, message }));

openBasket(document);
