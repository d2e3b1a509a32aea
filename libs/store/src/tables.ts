import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Session, StreamStatus } from '#libs/core';

/** The tables as they are read and written; what each is for stands in the migrations. */
export interface Tables {
  seal: { sample: string };
  account: { id: string; name: string; settings: JSONColumnType<Record<string, unknown>>; created_at: number };
  platform_key: { id: string; account_id: string; hash: string; created_at: number; last_used_at: number | null };
  conversation: {
    account_id: string;
    id: string;
    version: number;
    closed_until: number | null;
    newest_at: number | null;
    written_at: number;
  };
  session: {
    id: string;
    conversation_key: string;
    seq: GeneratedAlways<string>;
    record: JSONColumnType<Session>;
    account_id: GeneratedAlways<string>;
    conversation_id: GeneratedAlways<string | null>;
    visitor_id: GeneratedAlways<string | null>;
    status: GeneratedAlways<string>;
    due_at: GeneratedAlways<string | null>;
  };
  event: { session_id: string; version: number; occurred_at: string; session: JSONColumnType<Session> };
  pending_event: { session_id: string; version: number; audience: string; committed_at: string };
  delivery: {
    id: string;
    account_id: string;
    session_id: string;
    version: number;
    url: string;
    status: Generated<'owed' | 'delivered' | 'parked'>;
    attempts: Generated<number>;
    due_at: string;
  };
  stream: {
    account_id: string;
    visitor_id: string;
    token: string | null;
    expires_at: string | null;
    holder: string | null;
    held_until: Generated<string>;
    status: StreamStatus | null;
  };
  attempt: {
    delivery_id: string;
    number: number;
    started_at: string;
    ms: number;
    status: number | null;
    error: string | null;
    outcome: string;
  };
}
