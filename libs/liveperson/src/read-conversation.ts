import { type AgentIdForm, type Command, FOREVER, type Instant } from '#libs/core';
import type { IgnoredCode } from './hook-answer.ts';
import { readInstant } from './instant.ts';
import { readParticipants } from './participants.ts';
import { isOver, readDialog } from './read-dialog.ts';
import { asArray, asText, asWire, isWire, type Wire } from './wire.ts';

/** A change with more is not read. Closed dialogs stay listed for as long as the conversation lives. */
export const MOST_DIALOGS = 1000;
export const MOST_OPEN_COBROWSE_DIALOGS = 50;

/** A command with the dialog that it came from; null when it came from the conversation. */
export interface Step {
  dialogId: string | null;
  command: Command;
}

/** What one change means for cobrowsing. */
export interface Reading {
  conversationId: string | null;
  /** To be decided in this order. */
  steps: readonly Step[];
  ignored: readonly { dialogId: string | null; code: IgnoredCode }[];
}

export interface Reader {
  accountId: string;
  agentIdForm: AgentIdForm;
  /** When the notification was sent, by LivePerson's clock; null when it does not say. */
  sentAt: Instant | null;
  now: Instant;
}

/** Whether a change was understood at all, be it of no concern to us. */
export function isReadable(reading: Reading | null): boolean {
  return !reading?.ignored.some(({ code }) => code === 'malformed_change' || code === 'too_many_dialogs');
}

/** Reads one change; null when it does not concern cobrowsing. */
export function readChange(change: unknown, reader: Reader): Reading | null {
  const { type, result } = asWire(change);
  const { convId, conversationDetails } = asWire(result);
  const details = conversationDetails ?? {};
  const conversationId = isWire(details) ? (asText(convId) ?? asText(details.convId)) : null;
  if (!isWire(details) || conversationId === null) return unreadable(asText(convId), 'malformed_change');

  const dialogs = asArray(details.dialogs);
  if (dialogs.length > MOST_DIALOGS) return unreadable(conversationId, 'too_many_dialogs');
  const cobrowse = dialogs.filter((dialog) => !isWire(dialog) || dialog.channelType === 'COBROWSE');
  const createdUntil = endOf(type, details, cobrowse, reader);
  if (cobrowse.length === 0 && createdUntil === null) return null;
  if (cobrowse.filter((dialog) => !isWire(dialog) || !isOver(dialog)).length > MOST_OPEN_COBROWSE_DIALOGS) {
    return unreadable(conversationId, 'too_many_dialogs');
  }

  const context = asWire(details.context);
  const around = {
    accountId: reader.accountId,
    conversationId,
    agentIdForm: reader.agentIdForm,
    participants: readParticipants(
      details.participantsPId,
      details.participants,
      ...dialogs.map((dialog) => asWire(dialog).participantsDetails),
    ),
    monitoring: { sessionId: asText(context.sessionId), visitorId: asText(context.visitorId) },
  };
  const closed: Step[] = [];
  const swept: Step[] = [];
  const open: Step[] = [];
  const ignored = new Map<string | null, IgnoredCode>();
  for (const dialog of cobrowse) {
    const reading = readDialog(dialog, around);
    if ('ignored' in reading) ignored.set(reading.dialogId, reading.ignored);
    else (reading.command.type !== 'close' ? open : endedByItself(dialog) ? closed : swept).push(reading);
  }
  // A dialog's own end comes first, because it knows its reason; whatever else there is in a conversation that is over closes with it.
  const end: Step[] = createdUntil === null ? [] : [{ dialogId: null, command: { type: 'closeConversation', createdUntil } }];
  return {
    conversationId,
    steps: [...closed, ...end, ...swept, ...open],
    ignored: Array.from(ignored, ([dialogId, code]) => ({ dialogId, code })),
  };
}

/** A dialog that is swept along with its conversation is closed, but its session state was never written to say so. */
function endedByItself(dialog: unknown): boolean {
  return asWire(asWire(dialog).metaData).sessionState === 'CLOSED';
}

function unreadable(conversationId: string | null, code: IgnoredCode): Reading {
  return { conversationId, steps: [], ignored: [{ dialogId: null, code }] };
}

/**
 * Until which creation time the conversation's dialogs are over; null when it goes on. `stage` decides: `state` CLOSE in an open
 * stage is a survey that follows the conversation (post-conversation survey tutorial). DELETE means that the conversation left the
 * subscription, which it may enter again: only what there was by then is over.
 */
function endOf(type: unknown, details: Wire, cobrowse: readonly unknown[], reader: Reader): Instant | null {
  if ((details.stage ?? details.state) === 'CLOSE') return FOREVER;
  if (type !== 'DELETE') return null;
  const told = readInstant(details.metaDataLastUpdateTs) ?? reader.sentAt ?? reader.now;
  return Math.max(told, ...cobrowse.map((dialog) => readInstant(asWire(dialog).creationTs) ?? 0));
}
