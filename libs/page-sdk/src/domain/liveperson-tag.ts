import { engagementContextId, engagementId, toPublish } from '#libs/dialects';
import { contain } from '../boot/contain.ts';
import type { Publish } from '../types.ts';

/** LivePerson's web tag as far as it is used here; every part of it may be missing, late, or not what it should be. */
interface Tag {
  events?: { publish?: (app: string, event: string, data: object) => unknown; hasFired?: (app: string, event: string) => unknown };
  taglets?: { lp_monitoringSDK?: { getSid?: () => unknown; getVid?: () => unknown } };
}

export interface LivePersonTag {
  /**
   * Publishes once per session and event, as soon as the tag can; never when `wanted` is false by then. Gives up when the tag has
   * not come within minutes. `done` is called when the tag was told.
   */
  publish(sessionId: string, publish: Publish, wanted: () => boolean, done?: () => void): void;
  stop(): void;
}

const FIRST_LOOK_MS = 100;
const SLOWEST_LOOK_MS = 5_000;
const PATIENCE_MS = 5 * 60_000;

/**
 * The tag's first stub has `bind` and `trigger` but no `publish`, so the function itself is waited for. `published` is the document's
 * memory: LivePerson starts a second session when it is told of an answer twice.
 */
export function watchLivePersonTag(host: { lpTag?: unknown }, published: Set<string>): LivePersonTag {
  let waiting: { key: string; publish: Publish; wanted: () => boolean; done: () => void }[] = [];
  let look: ReturnType<typeof setTimeout> | undefined;

  const flush = contain((waited: number, pause: number) => {
    look = undefined;
    waiting = waiting.filter(({ wanted }) => wanted());
    const tag = host.lpTag as Tag | undefined;
    if (typeof tag?.events?.publish === 'function') {
      const ready = waiting;
      waiting = [];
      for (const { publish, done } of ready) {
        contain(tell)(tag, publish);
        done();
      }
    } else if (waited >= PATIENCE_MS) {
      waiting = [];
    } else if (waiting.length > 0) {
      look = setTimeout(flush, pause, waited + pause, Math.min(pause * 1.5, SLOWEST_LOOK_MS));
    }
  });

  return {
    publish(sessionId, publish, wanted, done = () => {}) {
      const key = `${sessionId} ${publish.event}`;
      if (published.has(key)) return;
      published.add(key);
      waiting.push({ key, publish, wanted, done });
      clearTimeout(look);
      flush(0, FIRST_LOOK_MS);
    },
    stop() {
      clearTimeout(look);
      for (const { key } of waiting) published.delete(key);
      waiting = [];
    },
  };
}

function tell(tag: Tag, { app, event, data }: Publish): void {
  const monitoring = tag.taglets?.lp_monitoringSDK;
  const history = (from: string, what: string) => tag.events?.hasFired?.(from, what);
  const eid = read(() => engagementId(history('lpUnifiedWindow', 'conversationInfo'), data.serviceId));
  const cid = eid && read(() => engagementContextId(history('LP_OFFERS', 'START'), eid));
  tag.events?.publish?.(
    app,
    event,
    toPublish(data, { ssid: read(() => monitoring?.getSid?.()), svid: read(() => monitoring?.getVid?.()), cid, eid }),
  );
}

/** The tag's functions may throw before they are ready. */
function read<T>(from: () => T): T | undefined {
  try {
    return from();
  } catch {
    return undefined;
  }
}
