import { randomUUID } from 'node:crypto';
import type {
  AccountOptions,
  DialogPatch,
  DialogUpdate,
  InviteOptions,
  Listener,
  NewConversationOptions,
  User,
} from './account-options.ts';
import {
  type AgentSeat,
  type Conversation,
  type Dialog,
  closeConversation,
  newConversation,
  touch,
  updateMetaData,
} from './conversation.ts';
import type { Journal } from './journal.ts';
import type { Knobs } from './knobs.ts';
import { Bearers, ConsumerTokens } from './tokens.ts';
import { Webhooks } from './webhooks.ts';

/**
 * One account of the emulator: its users, tokens and conversations, and what an agent's client would do in them. Every verb that
 * changes something tells all subscribers and webhooks. Unknown conversations and dialogs throw.
 */
export class Brand {
  readonly id: string;
  readonly users: User[];
  readonly bearers = new Bearers();
  readonly tokens: ConsumerTokens;
  readonly conversations = new Map<string, Conversation>();
  readonly listeners = new Set<Listener>();
  readonly webhooks: Webhooks;

  constructor(
    { id, users, webhooks = [] }: AccountOptions,
    private readonly knobs: Knobs,
    journal: Journal,
  ) {
    this.id = id;
    this.users = users;
    this.tokens = new ConsumerTokens(id);
    this.webhooks = new Webhooks(id, webhooks, knobs, journal);
  }

  /** A bearer without a login, as a single sign-on would hand it out. */
  bearer(userName: string): string {
    if (!this.users.some(({ name }) => name === userName)) throw new Error(`Account ${this.id} has no user ${userName}.`);
    return this.bearers.mint(userName, this.knobs.bearerSeconds).bearer;
  }

  /** A consumer's JWT; with a negative lifetime one that has ended. */
  consumerToken(consumerId: string, { seconds = 3600 }: { seconds?: number } = {}): string {
    return this.tokens.mint(consumerId, seconds);
  }

  conversation(id: string): Conversation {
    const conversation = this.conversations.get(id);
    if (!conversation) throw new Error(`Account ${this.id} has no conversation ${id}.`);
    return conversation;
  }

  openConversation(options: NewConversationOptions = {}): { id: string; consumerId: string } {
    const { consumerId = randomUUID(), agentUserId = this.users[0]?.userId ?? null, ...rest } = options;
    const agent = agentUserId === null ? undefined : this.seat(agentUserId, 'ASSIGNED_AGENT');
    const conversation = newConversation({ consumerId, agent, ...rest });
    this.conversations.set(conversation.id, conversation);
    this.tell(conversation);
    return { id: conversation.id, consumerId };
  }

  /** Opens a COBROWSE dialog, written as an agent's client writes it. Returns its id. */
  invite(conversationId: string, options: InviteOptions = {}): string {
    const { mode = 'view', expiresInSeconds = 120, dialogId = randomUUID(), metaData = {} } = options;
    const conversation = this.conversation(conversationId);
    const now = Date.now() + this.knobs.agentClockSkewMs;
    this.addDialog(conversation, {
      dialogId,
      dialogType: 'OTHER',
      channelType: 'COBROWSE',
      state: 'OPEN',
      creationTs: now,
      metaDataLastUpdateTs: now,
      metaData: {
        serviceId: `${conversation.consumerId}#${conversation.id}`,
        mode,
        expires: now / 1000 + expiresInSeconds,
        sessionState: 'INVITED',
        notificationKey: 'invited',
        dialogId,
        ...metaData,
      },
    });
    return dialogId;
  }

  /** Writes the next state of a COBROWSE dialog: CLOSED closes the dialog, too, unless `state` says otherwise. */
  update(conversationId: string, dialogId: string, { sessionState, notificationKey, state, metaData }: DialogUpdate): void {
    const dialog = this.dialog(conversationId, dialogId);
    const patch = {
      ...(sessionState === undefined ? {} : { sessionState, dialogId, mode: dialog.metaData?.['mode'] }),
      ...(notificationKey === undefined ? {} : { notificationKey }),
      ...metaData,
    };
    const next = state ?? (sessionState === 'CLOSED' ? 'CLOSE' : undefined);
    this.changeDialog(this.conversation(conversationId), dialog, { metaData: patch, ...(next === undefined ? {} : { state: next }) });
  }

  accept(conversationId: string, dialogId: string): void {
    this.update(conversationId, dialogId, { sessionState: 'ACCEPTED', notificationKey: 'accepted' });
  }

  join(conversationId: string, dialogId: string): void {
    this.update(conversationId, dialogId, { sessionState: 'ACCEPTED', notificationKey: 'joined' });
  }

  cancel(conversationId: string, dialogId: string): void {
    this.update(conversationId, dialogId, { sessionState: 'CLOSED', notificationKey: 'cancel_invitation' });
  }

  /** As an agent closes it by default: all dialogs at once, without a survey. */
  closeConversation(conversationId: string, by = 'AGENT'): void {
    const conversation = this.conversation(conversationId);
    closeConversation(conversation, by);
    this.tell(conversation);
  }

  /** A message; nothing about cobrowsing. `by` is CONSUMER or the numeric id of an agent. */
  say(conversationId: string, message: string, by = 'CONSUMER'): number {
    return this.publish(this.conversation(conversationId), { type: 'ContentEvent', message, contentType: 'text/plain' }, by);
  }

  /** The consumer logs in and gets another id in the middle of the conversation. */
  stepUp(conversationId: string, consumerId: string): void {
    const conversation = this.conversation(conversationId);
    conversation.consumerId = consumerId;
    touch(conversation);
    this.tell(conversation);
  }

  /** The conversation vanishes from all subscriptions, as closed ones do after a while. */
  forget(conversationId: string): void {
    const conversation = this.conversation(conversationId);
    this.conversations.delete(conversationId);
    for (const listener of this.listeners) listener.changed(conversation, true);
  }

  /** Straight to every subscribed socket of the account, as it is. */
  sendRaw(frame: string | Buffer): void {
    for (const listener of this.listeners) listener.raw(frame);
  }

  /** Ends bearers: of one user, or all. Open sockets notice within a second. */
  revoke(userName?: string): void {
    this.bearers.revoke(userName);
  }

  seat(userId: string, role: string, state?: string): AgentSeat {
    const user = this.users.find((one) => one.userId === userId || one.pid === userId);
    return { userId: user?.userId ?? userId, pid: user?.pid ?? randomUUID(), role, ...(state === undefined ? {} : { state }) };
  }

  dialog(conversationId: string, dialogId: string): Dialog {
    const dialog = this.conversation(conversationId).dialogs.find((one) => one.dialogId === dialogId);
    if (!dialog) throw new Error(`Conversation ${conversationId} has no dialog ${dialogId}.`);
    return dialog;
  }

  /** Adds a dialog, or puts it in the place of one with the same id, as `COAPP` was used again and again. */
  addDialog(conversation: Conversation, dialog: Dialog, quiet = false): void {
    conversation.dialogs = [...conversation.dialogs.filter(({ dialogId }) => dialogId !== dialog.dialogId), dialog];
    touch(conversation);
    if (!quiet) this.tell(conversation);
  }

  changeDialog(conversation: Conversation, dialog: Dialog, patch: DialogPatch, quiet = false): void {
    updateMetaData(dialog, patch.metaData, this.knobs.metaData);
    const now = touch(conversation, dialog);
    if (patch.state === 'CLOSE' && dialog.state === 'OPEN') dialog.endTs = now;
    if (patch.state !== undefined) dialog.state = patch.state;
    if (patch.closedCause !== undefined) dialog.closedCause = patch.closedCause;
    if (!quiet) this.tell(conversation);
  }

  publish(conversation: Conversation, event: Record<string, unknown>, by: string, dialogId = conversation.id): number {
    const agent = conversation.agents.find(({ userId }) => userId === by) ?? (by === 'CONSUMER' ? undefined : this.seat(by, 'AGENT'));
    const sequence = conversation.events.filter((one) => one.dialogId === dialogId).length;
    conversation.events.push({
      sequence,
      originatorId: agent?.userId ?? conversation.consumerId,
      originatorPId: agent?.pid ?? conversation.consumerId,
      originatorRole: agent?.role ?? 'CONSUMER',
      serverTimestamp: Date.now(),
      event,
      dialogId,
    });
    conversation.lastUpdateTime = Date.now();
    for (const listener of this.listeners) listener.said(conversation);
    this.tell(conversation);
    return sequence;
  }

  tell(conversation: Conversation): void {
    for (const listener of this.listeners) listener.changed(conversation, false);
    this.webhooks.changed(conversation);
  }
}
