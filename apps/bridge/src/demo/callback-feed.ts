import { PassThrough, type Readable } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type Envelope, Problem } from '#libs/protocol';

/** A callback as it came in, its signature verified. */
export interface ReceivedCallback {
  /** Its `webhook-id`: the same when it is delivered again. */
  id: string;
  receivedAt: string;
  event: Envelope;
}

const MOST_STREAMS = 200;
const MOST_STREAMS_OF_A_VISITOR = 8;
const MOST_VISITORS = 1000;
/** Kept for a stream that breaks off and comes back. */
const MOST_RECENT = 50;
/** A reader who lets more than this lie is let go. */
const MOST_UNREAD_BYTES = 256 * 1024;

interface Visitor {
  streams: Set<PassThrough>;
  recent: ReceivedCallback[];
}

/** Callbacks on their way to the visitor's demo pages, as Server-Sent Events. Everything here is bounded and lives in memory. */
@Injectable()
export class CallbackFeed implements BeforeApplicationShutdown {
  private readonly visitors = new Map<string, Visitor>();
  private stopping = false;

  /**
   * A stream of the visitor's callbacks from now on, or from after `lastSeenId` on, as far as that is remembered. Throws
   * `too_many_requests` when there are too many streams, `unavailable` when the bridge is stopping.
   */
  open(visitorId: string, lastSeenId?: string): Readable {
    if (this.stopping) throw new Problem('unavailable', 'The bridge is stopping.');
    const visitor = this.visitor(visitorId);
    const open = [...this.visitors.values()].reduce((sum, { streams }) => sum + streams.size, 0);
    if (open >= MOST_STREAMS || visitor.streams.size >= MOST_STREAMS_OF_A_VISITOR) {
      throw new Problem('too_many_requests', 'Too many demo pages are open. Close some.');
    }
    const stream = new PassThrough();
    visitor.streams.add(stream);
    stream.once('close', () => visitor.streams.delete(stream));
    // The first bytes bring the headers on their way.
    stream.write(': open\n\n');
    if (lastSeenId !== undefined) {
      const seen = visitor.recent.findIndex(({ id }) => id === lastSeenId);
      for (const callback of visitor.recent.slice(seen + 1)) stream.write(frame(callback));
    }
    return stream;
  }

  /** Hands it to the visitor's streams. A visitor without a demo page is passed over. */
  publish(visitorId: string, callback: ReceivedCallback): void {
    const visitor = this.visitors.get(visitorId);
    if (!visitor) return;
    visitor.recent = [...visitor.recent, callback].slice(-MOST_RECENT);
    for (const stream of visitor.streams) {
      if (stream.writableLength + stream.readableLength > MOST_UNREAD_BYTES) stream.destroy();
      else stream.write(frame(callback));
    }
  }

  /** An open stream would hold the server's stop up for as long as its page is open. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const { streams } of this.visitors.values()) for (const stream of streams) stream.end();
    this.visitors.clear();
  }

  /** Those without a stream are forgotten when there are too many, longest unused first. */
  private visitor(visitorId: string): Visitor {
    const visitor = this.visitors.get(visitorId) ?? { streams: new Set(), recent: [] };
    this.visitors.delete(visitorId);
    for (const [id, { streams }] of this.visitors) {
      if (this.visitors.size < MOST_VISITORS) break;
      if (streams.size === 0) this.visitors.delete(id);
    }
    this.visitors.set(visitorId, visitor);
    return visitor;
  }
}

/** JSON has no line breaks of its own, so one `data` line holds it. */
const frame = (callback: ReceivedCallback): string => `id: ${callback.id}\nevent: callback\ndata: ${JSON.stringify(callback)}\n\n`;
