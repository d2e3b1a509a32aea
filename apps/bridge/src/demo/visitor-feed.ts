import { PassThrough, type Readable } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Problem } from '#libs/protocol';

/**
 * What a panel is told, as one Server-Sent Event: a notification that came from LivePerson, what the bridge made of it, a callback whose
 * signature was right, or how the stream is. One with an `id` is remembered for a while, and has it again when it is told again.
 */
export interface News {
  id?: string;
  event: 'notification' | 'answer' | 'callback' | 'stream';
  data: object;
}

const MOST_STREAMS = 200;
const MOST_STREAMS_OF_A_VISITOR = 8;
const MOST_VISITORS = 1000;
/** Kept for a stream that breaks off and comes back; of long news less. */
const MOST_RECENT = 50;
const MOST_RECENT_CHARACTERS = 100_000;
/** A reader who lets more than this lie is let go. */
const MOST_UNREAD_BYTES = 256 * 1024;

interface Visitor {
  streams: Set<PassThrough>;
  recent: { id: string | undefined; text: string }[];
}

/** News on their way to the visitor's demo pages, as Server-Sent Events. Everything here is bounded and lives in memory. */
@Injectable()
export class VisitorFeed implements BeforeApplicationShutdown {
  private readonly visitors = new Map<string, Visitor>();
  private latest: string | undefined;
  private stopping = false;

  /**
   * A stream of the visitor's news from now on, or from after `lastSeenId` on, as far as that is remembered. It begins with the latest
   * that was told to all. Throws `too_many_requests` when there are too many streams, `unavailable` when the bridge is stopping.
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
    if (this.latest !== undefined) stream.write(this.latest);
    if (lastSeenId !== undefined) {
      const seen = visitor.recent.findIndex(({ id }) => id === lastSeenId);
      for (const { text } of visitor.recent.slice(seen + 1)) stream.write(text);
    }
    return stream;
  }

  /** Hands it to the visitor's streams. A visitor without a demo page is passed over. */
  publish(visitorId: string, news: News): void {
    const visitor = this.visitors.get(visitorId);
    if (!visitor) return;
    const text = frame(news);
    visitor.recent.push({ id: news.id, text });
    let characters = visitor.recent.reduce((sum, each) => sum + each.text.length, 0);
    while (visitor.recent.length > MOST_RECENT || characters > MOST_RECENT_CHARACTERS)
      characters -= visitor.recent.shift()?.text.length ?? 0;
    for (const stream of visitor.streams) tell(stream, text);
  }

  /** Hands it to every stream, and to each that is opened before the next one comes. */
  tellAll(news: News): void {
    this.latest = frame(news);
    for (const { streams } of this.visitors.values()) for (const stream of streams) tell(stream, this.latest);
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

function tell(stream: PassThrough, text: string): void {
  if (stream.writableLength + stream.readableLength > MOST_UNREAD_BYTES) stream.destroy();
  else stream.write(text);
}

/** JSON has no line breaks of its own, so one `data` line holds it. */
const frame = ({ id, event, data }: News): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
