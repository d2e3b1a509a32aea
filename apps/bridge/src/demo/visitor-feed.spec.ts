import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type News, VisitorFeed } from './visitor-feed.ts';

const news = (id: string, padding = ''): News => ({ id, event: 'callback', data: { id, padding } });
const SUBSCRIBED: News = { event: 'stream', data: { state: 'subscribed' } };
const ids = (stream: Readable): string[] => [...String(stream.read() ?? '').matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '');

describe('what the panels are told', () => {
  let feed: VisitorFeed;
  beforeEach(() => {
    feed = new VisitorFeed();
  });
  afterEach(() => feed.beforeApplicationShutdown());

  it('hands each piece of news to all streams of its visitor and to nobody else, as one event each', () => {
    const [one, two, other] = [feed.open('ann'), feed.open('ann'), feed.open('bob')];
    feed.publish('ann', news('evt_1'));
    const text = String(one.read());
    expect(text).toBe(`: open\n\nid: evt_1\nevent: callback\ndata: ${JSON.stringify(news('evt_1').data)}\n\n`);
    expect(ids(two)).toEqual(['evt_1']);
    expect(ids(other)).toEqual([]);
  });

  it('tells everybody how the stream is, those who come later, too', () => {
    const [ann, bob] = [feed.open('ann'), feed.open('bob')];
    for (const stream of [ann, bob]) stream.read();
    feed.tellAll(SUBSCRIBED);
    const told = 'event: stream\ndata: {"state":"subscribed"}\n\n';
    expect([String(ann.read()), String(bob.read())]).toEqual([told, told]);
    expect(String(feed.open('late').read())).toBe(`: open\n\n${told}`);
  });

  it('goes on where a broken stream stopped', async () => {
    const broken = feed.open('ann').destroy();
    await once(broken, 'close');
    for (const id of ['evt_1', 'evt_2', 'evt_3']) feed.publish('ann', news(id));
    expect(ids(feed.open('ann', 'evt_1'))).toEqual(['evt_2', 'evt_3']);
    expect(ids(feed.open('ann', 'evt_0'))).toEqual(['evt_1', 'evt_2', 'evt_3']);
    expect(ids(feed.open('ann'))).toEqual([]);
  });

  it('remembers the last 50 of a visitor, and nothing of a visitor without a demo page', () => {
    feed.publish('ann', news('evt_early'));
    feed.open('ann');
    for (let i = 0; i < 60; i++) feed.publish('ann', news(`evt_${i}`));
    expect(ids(feed.open('ann', 'evt_early'))).toEqual(Array.from({ length: 50 }, (_, i) => `evt_${i + 10}`));
  });

  it('remembers less of what is long', () => {
    feed.open('ann');
    for (let i = 0; i < 10; i++) feed.publish('ann', news(`evt_${i}`, 'x'.repeat(30_000)));
    const again = feed.open('ann', 'evt_0');
    expect([...ids(again), ...ids(again)]).toEqual(['evt_7', 'evt_8', 'evt_9']);
  });

  it('has a bounded number of streams for each visitor and in all, and a closed one makes room', async () => {
    const streams = Array.from({ length: 8 }, () => feed.open('ann'));
    expect(() => feed.open('ann')).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
    streams[0]?.destroy();
    await once(streams[0]!, 'close');
    feed.open('ann');
    for (let i = 0; i < 192; i++) feed.open(`visitor-${i}`);
    expect(() => feed.open('one-more')).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  });

  it('forgets visitors whose pages are gone when there are too many', async () => {
    feed.open('ann').destroy();
    feed.publish('ann', news('evt_1'));
    for (let i = 0; i < 1000; i++) await once(feed.open(`visitor-${i}`).destroy(), 'close');
    expect(ids(feed.open('ann', 'evt_0'))).toEqual([]);
  });

  it('lets go of a reader that does not read', async () => {
    const stream = feed.open('ann');
    const gone = once(stream, 'close');
    for (let i = 0; i < 10; i++) feed.publish('ann', news(`evt_${i}`, 'x'.repeat(60_000)));
    await gone;
    expect(stream.destroyed).toBe(true);
  });

  it('ends every stream when the bridge stops, and opens none after that', async () => {
    const stream = feed.open('ann').resume();
    feed.beforeApplicationShutdown();
    await once(stream, 'end');
    expect(() => feed.open('ann')).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
