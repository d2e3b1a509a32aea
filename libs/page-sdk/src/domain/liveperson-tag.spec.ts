import type { Publish } from '../types.ts';
import { watchLivePersonTag } from './liveperson-tag.ts';

const offered: Publish = {
  app: 'lpCoBrowse',
  event: 'cobrowseOffered',
  data: { serviceId: 'visitor-1#conversation-1', agentId: '1.2', visitorName: 'visitor', mode: 'view', ssid: 'ses_1', svid: 'visitor-1' },
};
const accepted: Publish = { ...offered, event: 'cobrowseAccepted' };
const always = () => true;

/** The tag as it is once loaded; `told` is what it was told. */
function loadedTag(more: object = {}) {
  const told: { app: string; event: string; data: Record<string, unknown> }[] = [];
  const lpTag = {
    events: { publish: (app: string, event: string, data: Record<string, unknown>) => told.push({ app, event, data }) },
    ...more,
  };
  return { lpTag, told };
}

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe("LivePerson's tag", () => {
  it('is told at once when it is there, and once per session and event', () => {
    const { lpTag, told } = loadedTag();
    const tag = watchLivePersonTag({ lpTag }, new Set());
    for (const publish of [offered, offered, accepted, accepted]) tag.publish('ses_1', publish, always);
    tag.publish('ses_2', offered, always);
    expect(told.map(({ event }) => event)).toEqual(['cobrowseOffered', 'cobrowseAccepted', 'cobrowseOffered']);
    expect(told[0]).toEqual({ app: 'lpCoBrowse', event: 'cobrowseOffered', data: offered.data });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gets an object of its own each time', () => {
    const { lpTag, told } = loadedTag();
    const tag = watchLivePersonTag({ lpTag }, new Set());
    tag.publish('ses_1', offered, always);
    Object.assign(told[0]?.data ?? {}, { serviceId: 'changed by a listener' });
    tag.publish('ses_2', offered, always);
    expect(told[1]?.data['serviceId']).toBe('visitor-1#conversation-1');
    expect(offered.data.serviceId).toBe('visitor-1#conversation-1');
  });

  it('is waited for while it has no publish, as its first stub has not', () => {
    const host: { lpTag?: unknown } = {};
    const tag = watchLivePersonTag(host, new Set());
    tag.publish('ses_1', offered, always);
    jest.advanceTimersByTime(1_000);
    host.lpTag = { events: { bind() {}, trigger() {} } };
    jest.advanceTimersByTime(20_000);
    const { lpTag, told } = loadedTag();
    host.lpTag = lpTag;
    jest.advanceTimersByTime(5_000);
    expect(told).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not told of an offer that is over when it comes', () => {
    const host: { lpTag?: unknown } = {};
    const tag = watchLivePersonTag(host, new Set());
    let open = true;
    tag.publish('ses_1', offered, () => open);
    tag.publish('ses_1', accepted, always);
    jest.advanceTimersByTime(1_000);
    open = false;
    const { lpTag, told } = loadedTag();
    host.lpTag = lpTag;
    jest.advanceTimersByTime(5_000);
    expect(told.map(({ event }) => event)).toEqual(['cobrowseAccepted']);
  });

  it.each<[string, (stop: () => void, forget: () => void) => void]>([
    ['nothing is left to tell', (_, forget) => (forget(), jest.advanceTimersByTime(5_000))],
    ['it has not come within minutes', () => jest.advanceTimersByTime(6 * 60_000)],
    ['the SDK stops', (stop) => stop()],
  ])('is no longer waited for when %s', (_, happens) => {
    let wanted = true;
    const tag = watchLivePersonTag({}, new Set());
    tag.publish('ses_1', offered, () => wanted);
    jest.advanceTimersByTime(60_000);
    expect(jest.getTimerCount()).toBe(1);
    happens(
      () => tag.stop(),
      () => (wanted = false),
    );
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is told what a stopped SDK had not got to tell it, and nothing else again', () => {
    const host: { lpTag?: unknown } = {};
    const published = new Set<string>();
    const first = watchLivePersonTag(host, published);
    first.publish('ses_1', offered, always);
    first.stop();
    const { lpTag, told } = loadedTag();
    host.lpTag = lpTag;
    for (let time = 0; time < 2; time++) watchLivePersonTag(host, published).publish('ses_1', offered, always);
    expect(told).toHaveLength(1);
  });

  const throws = (): string => {
    throw new Error('not ready');
  };
  it.each<[string, { getSid?: () => unknown; getVid?: () => unknown }, object]>([
    ['its own ids', { getSid: () => 'sid', getVid: () => 'vid' }, { ssid: 'sid', svid: 'vid' }],
    ["the bridge's where its own are empty", { getSid: () => '', getVid: () => ' ' }, { ssid: 'ses_1', svid: 'visitor-1' }],
    ["the bridge's where its own are nothing", { getSid: () => undefined, getVid: () => null }, { ssid: 'ses_1', svid: 'visitor-1' }],
    ["the bridge's where it throws", { getSid: throws, getVid: () => 'vid' }, { ssid: 'ses_1', svid: 'vid' }],
    ["the bridge's where it is older", {}, { ssid: 'ses_1', svid: 'visitor-1' }],
  ])('gets %s', (_, lp_monitoringSDK, ids) => {
    const { lpTag, told } = loadedTag({ taglets: { lp_monitoringSDK } });
    watchLivePersonTag({ lpTag }, new Set()).publish('ses_1', offered, always);
    expect(told[0]?.data).toEqual({ ...offered.data, ...ids });
  });

  const HISTORY: Record<string, unknown> = {
    'lpUnifiedWindow conversationInfo': [{ data: { conversationId: 'conversation-1' } }, { data: { engagementId: 77 } }],
    'LP_OFFERS START': [{ data: { engagementId: 77, contextId: '2' } }],
  };
  it.each<[string, (app: string, event: string) => unknown, object]>([
    ['of this conversation, and its context', (app, event) => HISTORY[`${app} ${event}`], { eid: '77', cid: '2' }],
    ['alone where no context was told', (app, event) => (app === 'LP_OFFERS' ? [] : HISTORY[`${app} ${event}`]), { eid: '77' }],
    ['not when none was told', () => [], {}],
    ['not when its history throws', throws, {}],
  ])('gets the engagement id %s', (_, hasFired, known) => {
    const { lpTag, told } = loadedTag();
    Object.assign(lpTag.events, { hasFired });
    watchLivePersonTag({ lpTag }, new Set()).publish('ses_1', offered, always);
    expect(told[0]?.data).toEqual({ ...offered.data, ...known });
  });

  it('may throw without harm', () => {
    const tag = watchLivePersonTag(
      {
        lpTag: {
          events: {
            publish: () => {
              throw new Error('of the tag');
            },
          },
        },
      },
      new Set(),
    );
    expect(() => tag.publish('ses_1', offered, always)).not.toThrow();
    const hostile = {
      get lpTag(): unknown {
        throw new Error('of the page');
      },
    };
    expect(() => watchLivePersonTag(hostile, new Set()).publish('ses_1', offered, always)).not.toThrow();
  });
});
