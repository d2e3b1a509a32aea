import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LivePersonBox } from './liveperson-box.ts';
import { Overheard } from './overheard.ts';
import { VisitorFeed } from './visitor-feed.ts';

/** Brings what the bridge heard of a visitor's chat to that visitor's panel, and how the stream is to all. */
@Injectable()
export class PanelNews implements OnModuleInit {
  constructor(
    private readonly overheard: Overheard,
    private readonly box: LivePersonBox,
    private readonly feed: VisitorFeed,
  ) {}

  onModuleInit(): void {
    const tell = (event: 'notification' | 'answer', { id, conversationId, ...data }: { id: string; conversationId: string }): void => {
      const visitorId = this.box.visitorOf(conversationId);
      if (visitorId !== undefined) this.feed.publish(visitorId, { id: `${id}.${event}`, event, data: { id, ...data } });
    };
    this.overheard.listen({
      notification: (heard) => tell('notification', heard),
      answer: (heard) => tell('answer', heard),
      stream: ({ state, reason, retryAt, since }) =>
        this.feed.tellAll({ event: 'stream', data: { state, reason, retryInMs: retryAt === null ? null : retryAt - since } }),
    });
  }
}
