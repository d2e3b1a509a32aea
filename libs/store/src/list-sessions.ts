import type { Kysely } from 'kysely';
import type { Session, SessionQuery } from '#libs/core';
import type { Tables } from './tables.ts';

/** Sessions of an account, newest first by when they were written, one page at a time. A cursor is the place of the last one given, so pages never overlap. */
export async function listSessions(db: Kysely<Tables>, query: SessionQuery): Promise<{ items: Session[]; nextCursor: string | null }> {
  let select = db.selectFrom('session').select(['record', 'seq']).where('account_id', '=', query.accountId);
  if (query.status !== undefined) select = select.where('status', '=', query.status);
  if (query.conversationId !== undefined) {
    select = select.where('conversation_key', '=', query.conversationId).where('conversation_id', '=', query.conversationId);
  }
  if (query.visitorId !== undefined) select = select.where('visitor_id', '=', query.visitorId);
  if (query.cursor !== undefined) select = select.where('seq', '<', placeOf(query.cursor));
  const rows = await select
    .orderBy('seq', 'desc')
    .limit(query.limit + 1)
    .execute();
  const shown = rows.slice(0, query.limit);
  return {
    items: shown.map((row) => row.record),
    nextCursor: rows.length > query.limit ? Buffer.from(`seq:${shown.at(-1)?.seq}`).toString('base64url') : null,
  };
}

function placeOf(cursor: string): string {
  const place = /^seq:(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (place === undefined) throw new RangeError('The cursor is not one that a list of ours has given.');
  return place;
}
