import type { WebSocket } from 'ws';
import type { Brand } from './account.ts';
import type { Listener } from './account-options.ts';
import type { Conversation } from './conversation.ts';
import type { Journal } from './journal.ts';
import type { Knobs } from './knobs.ts';
import { Outbox } from './outbox.ts';
import { answer } from './requests.ts';
import { type Side, body, contentEvent, result } from './shapes.ts';
import type { Subscription } from './subscription.ts';
import { wireJson } from './wire-json.ts';

/** Who is on a socket: an agent's user, or a consumer; `null` until `InitConnection`. */
export interface Identity {
  /** The user's name, or the consumer id. */
  id: string;
  /** When the token ends, looked up anew each time, because a refresh prolongs it. */
  endsAt: () => number;
}

/** One messaging socket. */
export class Connection implements Listener {
  readonly subscriptions = new Map<string, Subscription>();
  /** Dialogs whose messages were asked for. */
  readonly dialogs = new Set<string>();
  private readonly outbox: Outbox;
  private init: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;
  private who: Identity | null = null;

  constructor(
    readonly ws: WebSocket,
    readonly brand: Brand,
    readonly side: Side,
    identity: Identity | null,
    readonly knobs: Knobs,
    readonly journal: Journal,
  ) {
    this.outbox = new Outbox(ws, knobs);
    if (identity) this.identify(identity);
    else this.init = setTimeout(() => ws.close(4401, 'InitConnection is missing'), knobs.initWithinMs);
    brand.listeners.add(this);
    journal.add('socket-open', { account: brand.id, side });
    ws.on('ping', (data) => {
      journal.add('ping', { account: brand.id, side });
      if (!knobs.silent) ws.pong(data);
    });
    ws.on('error', () => undefined);
    ws.on('message', (data: Buffer) => this.outbox.answer(answer(this, data.toString())));
    ws.once('close', (code: number) => {
      brand.listeners.delete(this);
      clearTimeout(this.init);
      clearTimeout(this.expiry);
      this.outbox.close();
      journal.add('socket-close', { account: brand.id, side, code });
    });
  }

  get identity(): Identity | null {
    return this.who;
  }

  identify(identity: Identity): void {
    this.who = identity;
    clearTimeout(this.init);
    this.watchExpiry();
  }

  /** All that match, after the answer to the subscription. */
  replay(subscription: Subscription): void {
    const { knobs, brand } = this;
    const matching = [...brand.conversations.values()].filter((conversation) => subscription.matches(conversation));
    for (const { id } of matching) subscription.members.add(id);
    const cap = this.side === 'agent' ? knobs.conversationCap : Infinity;
    const shown = knobs.replayOnSubscribe ? matching.toSorted((a, b) => b.lastUpdateTime - a.lastUpdateTime).slice(0, cap) : [];
    this.notify(
      subscription,
      shown.map((conversation) => ({ type: 'UPSERT', result: this.result(conversation) })),
      false,
    );
  }

  changed(conversation: Conversation, gone: boolean): void {
    for (const subscription of this.subscriptions.values()) {
      const matches = !gone && subscription.matches(conversation);
      const member = subscription.members.has(conversation.id);
      if (!matches && !member) continue;
      if (matches) subscription.members.add(conversation.id);
      else subscription.members.delete(conversation.id);
      for (const change of this.changes(conversation, matches, gone)) this.notify(subscription, [change], true);
    }
  }

  said(conversation: Conversation): void {
    const event = conversation.events.at(-1);
    if (!event) return;
    const { side, brand, knobs } = this;
    const shown = contentEvent(brand.id, event, side);
    const sentTs = { sentTs: Date.now() };
    if (side === 'agent' && [...this.subscriptions.values()].some((subscription) => subscription.members.has(conversation.id)))
      this.outbox.live(wireJson({ kind: 'notification', type: '.ams.ms.OnlineEventDistribution', body: shown }, knobs.javaDoubles));
    if (side === 'consumer' && this.dialogs.has(event.dialogId))
      this.outbox.live(
        wireJson({
          kind: 'notification',
          type: 'ms.MessagingEventNotification',
          body: { dialogId: event.dialogId, changes: [shown], ...sentTs },
        }),
      );
  }

  /** A frame that follows an answer. */
  post(text: string): void {
    this.outbox.answer(text);
  }

  raw(frame: string | Buffer): void {
    if (this.subscriptions.size > 0) this.outbox.raw(frame);
  }

  private changes(conversation: Conversation, matches: boolean, gone: boolean): Record<string, unknown>[] {
    const { onLeave, deleteWithoutDetails } = this.knobs;
    const whole = this.result(conversation);
    const upsert = { type: 'UPSERT', result: whole };
    if (matches) return [upsert];
    const left = { type: 'DELETE', result: deleteWithoutDetails ? { convId: conversation.id } : whole };
    if (gone || onLeave === 'delete') return [left];
    return onLeave === 'upsert' ? [upsert] : [upsert, left];
  }

  private result(conversation: Conversation): Record<string, unknown> {
    return result(this.brand.id, conversation, this.side, this.knobs);
  }

  private notify({ id }: Subscription, changes: Record<string, unknown>[], live: boolean): void {
    const { knobs, side, journal, brand } = this;
    const prefix = knobs.typePrefix ?? (side === 'agent' ? '.ams.aam.' : 'cqm.');
    const extra = { subscriptionId: id, ...(knobs.sentTs ? { sentTs: Date.now() } : {}) };
    const notification = { kind: 'notification', type: `${prefix}ExConversationChangeNotification`, body: body(changes, extra, knobs) };
    if (live && knobs.oversizeBytes > 0) Object.assign(notification.body, { padding: 'x'.repeat(knobs.oversizeBytes) });
    const text = wireJson(notification, knobs.javaDoubles);
    journal.add('notification', { account: brand.id, side, changes: changes.length, live });
    if (live) this.outbox.live(text);
    else this.outbox.answer(text);
  }

  private watchExpiry(): void {
    const left = (this.who?.endsAt() ?? 0) - Date.now();
    if (left > 0) this.expiry = setTimeout(() => this.watchExpiry(), Math.min(left + 1, 1000)).unref();
    else if (this.knobs.expiredSocket > 0) this.ws.close(this.knobs.expiredSocket, 'token expired');
  }
}
