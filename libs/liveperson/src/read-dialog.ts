import { type AgentIdForm, type Facts, MODES, type Mode, type Monitoring, type SessionCommand, sessionId } from '#libs/core';
import { closeReason } from './close-reason.ts';
import type { IgnoredCode } from './hook-answer.ts';
import { readInstant } from './instant.ts';
import { type Participant, agentAmong, readParticipants, visitorAmong } from './participants.ts';
import { asText, asWire, isWire, type Wire } from './wire.ts';

/** What the dialogs of one conversation share. */
export interface Surroundings {
  accountId: string;
  conversationId: string;
  agentIdForm: AgentIdForm;
  participants: readonly Participant[];
  monitoring: Monitoring;
}

type DialogCommand = Extract<SessionCommand, { facts: Facts }>;

export type DialogReading = { dialogId: string; command: DialogCommand } | { dialogId: string | null; ignored: IgnoredCode };

/** A voice or video call is a COBROWSE dialog too, from its beginning to its end; only its mode tells. */
const CALL_MODES: readonly unknown[] = ['VIDEO_CALL', 'VOICE_CALL'];

/** Whether a dialog is over. LivePerson's own sample of the end has nothing but the session state. */
export function isOver(dialog: Wire): boolean {
  return dialog.state === 'CLOSE' || asWire(dialog.metaData).sessionState === 'CLOSED';
}

/** What a COBROWSE dialog says has happened. Its metaData may hold next to nothing: whatever is missing was told before, or will be. */
export function readDialog(dialog: unknown, around: Surroundings): DialogReading {
  if (!isWire(dialog)) return { dialogId: null, ignored: 'malformed_dialog' };
  const dialogId = asText(dialog.dialogId);
  if (dialogId === null) return { dialogId, ignored: 'malformed_dialog' };
  const about = { dialogId, sessionId: sessionId('dialog', around.accountId, around.conversationId, dialogId) };
  const meta = asWire(dialog.metaData);
  if (CALL_MODES.includes(meta.mode)) return { dialogId, ignored: 'call_mode' };

  if (isOver(dialog)) {
    const facts = readFacts(dialog, meta, dialogId, around);
    return { dialogId, command: { type: 'close', sessionId: about.sessionId, reason: closeReason(meta.notificationKey), facts } };
  }
  if (meta.sessionState !== 'INVITED' && meta.sessionState !== 'ACCEPTED') return { dialogId, ignored: 'malformed_dialog' };
  if (meta.mode !== undefined && meta.mode !== null && !isMode(meta.mode)) return { dialogId, ignored: 'unknown_mode' };

  const facts = readFacts(dialog, meta, dialogId, around);
  if (meta.sessionState === 'INVITED') return { dialogId, command: { type: 'invite', sessionId: about.sessionId, facts } };
  const status = meta.notificationKey === 'joined' ? 'active' : 'accepted';
  return { dialogId, command: { type: 'confirm', sessionId: about.sessionId, status, facts } };
}

function readFacts(dialog: Wire, meta: Wire, dialogId: string, around: Surroundings): Facts {
  const serviceId = asText(meta.serviceId);
  const dialogIds = readParticipants(dialog.participants, dialog.participantsDetails);
  const visitorId = visitorAmong(around.participants, dialogIds, serviceId);
  return {
    source: 'liveperson',
    dialogId,
    serviceId,
    mode: isMode(meta.mode) ? meta.mode : null,
    visitor: { id: visitorId, name: null },
    agent: { id: agentAmong(around.participants, dialogIds, visitorId, around.agentIdForm), name: null },
    monitoring: around.monitoring,
    createdAt: readInstant(dialog.creationTs),
    expires: readInstant(meta.expires),
  };
}

function isMode(value: unknown): value is Mode {
  return (MODES as readonly unknown[]).includes(value);
}
