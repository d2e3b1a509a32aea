import { setTimeout as moment } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Mode } from '#libs/core';
import { Problem } from '#libs/protocol';
import type { Brand } from '../../../liveperson-emulator/src/index.ts';
import { LivePersonBox } from './liveperson-box.ts';

/** What may go wrong on the way: the notification comes twice, or the end of an invitation overtakes it. */
export const MISHAPS = ['twice', 'reordered'] as const;

export interface Wish {
  mode: Mode;
  expiresInSeconds?: number;
  mishap?: (typeof MISHAPS)[number];
}

/** A visitor's chat at LivePerson. `dialogId` is the newest invitation's. */
export interface Chat {
  conversationId: string;
  dialogId: string | null;
}

/** The agents' clients say "accepted" first, and "joined" when the two sides have connected. */
const CONNECTING_MS = 400;
const MOST_CONVERSATIONS = 300;
/** A notification holds the whole conversation with all of its dialogs: a chat with more is begun anew. */
const MOST_DIALOGS = 40;

type Conversation = ReturnType<Brand['conversation']>;

/** The agent's client: what each of its buttons writes at LivePerson, which tells everybody who listens. One chat for each visitor. */
@Injectable()
export class AgentDesk {
  constructor(private readonly box: LivePersonBox) {}

  /** The visitor's chat, the one that is open or a new one. */
  async start(visitorId: string): Promise<Chat> {
    const brand = await this.box.open();
    return chatOf(find(brand, visitorId) ?? begin(brand, visitorId));
  }

  /** One invitation at a time, as at LivePerson: one that is still open there is taken back. */
  async invite(visitorId: string, { mode, expiresInSeconds, mishap }: Wish): Promise<Chat> {
    const brand = await this.box.open();
    const knobs = await this.box.knobs();
    const found = find(brand, visitorId);
    if (found && found.dialogs.length >= MOST_DIALOGS) brand.closeConversation(found.id);
    const conversation = find(brand, visitorId) ?? begin(brand, visitorId);
    const left = conversation.dialogs.find(isOpenCobrowse);
    if (left) brand.changeDialog(conversation, left, { state: 'CLOSE', metaData: closed(left.dialogId, 'cancel_invitation') }, true);
    // Turned for this one moment: the emulator serves all visitors.
    Object.assign(knobs, { duplicate: mishap === 'twice' ? 1 : 0, reorder: mishap === 'reordered' ? 2 : 0 });
    const dialogId = brand.invite(conversation.id, { mode, ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }) });
    if (mishap === 'reordered') brand.cancel(conversation.id, dialogId);
    Object.assign(knobs, { duplicate: 0, reorder: 0 });
    return chatOf(conversation);
  }

  async cancel(visitorId: string): Promise<Chat> {
    const { brand, conversation, dialog } = await this.invitation(visitorId);
    brand.cancel(conversation.id, dialog.dialogId);
    return chatOf(conversation);
  }

  /** Notes the visitor's yes, and a moment later that both have joined. Doing it twice changes nothing. */
  async join(visitorId: string): Promise<Chat> {
    const { brand, conversation, dialog } = await this.invitation(visitorId);
    if (dialog.metaData?.['sessionState'] === 'INVITED') {
      brand.accept(conversation.id, dialog.dialogId);
      await moment(CONNECTING_MS);
      if (dialog.state === 'OPEN') brand.join(conversation.id, dialog.dialogId);
    }
    return chatOf(conversation);
  }

  /** The agent stops looking. Only `cancel_invitation` was ever seen on LivePerson's wire; this is the likely spelling of its SDK's text. */
  async end(visitorId: string): Promise<Chat> {
    const { brand, conversation, dialog } = await this.invitation(visitorId);
    brand.update(conversation.id, dialog.dialogId, { sessionState: 'CLOSED', notificationKey: 'ended_by_agent' });
    return chatOf(conversation);
  }

  /** The agent closes the whole chat. */
  async close(visitorId: string): Promise<Chat> {
    const brand = await this.box.open();
    const conversation = find(brand, visitorId);
    if (!conversation) throw new Problem('not_found', 'This visitor has no open chat at LivePerson.');
    brand.closeConversation(conversation.id);
    return chatOf(conversation);
  }

  private async invitation(
    visitorId: string,
  ): Promise<{ brand: Brand; conversation: Conversation; dialog: Conversation['dialogs'][number] }> {
    const brand = await this.box.open();
    const conversation = find(brand, visitorId);
    const dialog = conversation?.dialogs.find(isOpenCobrowse);
    if (!conversation || !dialog) throw new Problem('not_found', 'This visitor has no open invitation at LivePerson.');
    return { brand, conversation, dialog };
  }
}

const isOpenCobrowse = ({ channelType, state }: Conversation['dialogs'][number]): boolean => channelType === 'COBROWSE' && state === 'OPEN';

const find = (brand: Brand, visitorId: string): Conversation | undefined =>
  [...brand.conversations.values()].find(({ consumerId, stage }) => consumerId === visitorId && stage === 'OPEN');

/** The oldest are forgotten when there are too many. */
function begin(brand: Brand, visitorId: string): Conversation {
  const { id } = brand.openConversation({ consumerId: visitorId });
  for (const oldest of brand.conversations.keys()) {
    if (brand.conversations.size <= MOST_CONVERSATIONS) break;
    brand.forget(oldest);
  }
  return brand.conversation(id);
}

const closed = (dialogId: string, notificationKey: string): Record<string, unknown> => ({
  sessionState: 'CLOSED',
  notificationKey,
  dialogId,
});

const chatOf = ({ id, dialogs }: Conversation): Chat => ({
  conversationId: id,
  dialogId: dialogs.findLast(({ channelType }) => channelType === 'COBROWSE')?.dialogId ?? null,
});
