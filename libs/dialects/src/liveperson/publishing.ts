import type { Publish } from '#libs/protocol';

/** What the page's own tag knows of the visit; any part may be missing, empty, or of another type. */
export interface KnownOnPage {
  /** Of the monitoring SDK: its session and its visitor. */
  ssid?: unknown;
  svid?: unknown;
  /** The monitoring context. No documented part of the tag tells it. */
  scid?: unknown;
  /** The engagement that led to the conversation, and its context. */
  eid?: unknown;
  cid?: unknown;
}

type Word = keyof KnownOnPage;

export type Published = Publish['data'] & Partial<Record<Word, string>>;

const WORDS: readonly Word[] = ['ssid', 'svid', 'scid', 'cid', 'eid'];

/**
 * What to hand to the tag: the bridge's data, where the page's own ids replace `ssid` and `svid` and add `scid`, `cid` and `eid`. What
 * is empty, blank or neither text nor number counts as not known, so no field is ever empty. A fresh object each time: the tag hands
 * it to its listeners and keeps it in its history.
 */
export function toPublish(data: Publish['data'], known: KnownOnPage): Published {
  const published: Published = { ...data };
  for (const word of WORDS) {
    const value = asText(known[word]);
    if (value !== undefined) published[word] = value;
  }
  return published;
}

/**
 * The engagement of the conversation that `serviceId` names. `told` is what the tag keeps of `lpUnifiedWindow`/`conversationInfo`: in
 * messaging each event has only the fields that changed.
 */
export function engagementId(told: unknown, serviceId: string): string | undefined {
  const info: { conversationId?: unknown; engagementId?: unknown } = Object.assign({}, ...dataOf(told));
  const conversationId = asText(info.conversationId);
  return conversationId !== undefined && serviceId.endsWith(`#${conversationId}`) ? asText(info.engagementId) : undefined;
}

/** The newest context of an engagement. `told` is what the tag keeps of `LP_OFFERS`/`START`. */
export function engagementContextId(told: unknown, eid: string): string | undefined {
  const starts: { engagementId?: unknown; contextId?: unknown }[] = dataOf(told);
  return asText(starts.filter((start) => asText(start.engagementId) === eid).pop()?.contextId);
}

/** The tag's history of an event: `[{ data }]`, or whatever else somebody has put there. */
function dataOf(told: unknown): object[] {
  if (!Array.isArray(told)) return [];
  return told.map((one: { data?: unknown } | null) => one?.data).filter((data) => typeof data === 'object' && data !== null);
}

function asText(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}
