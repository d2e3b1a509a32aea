import type { Envelope, SessionView } from '../types.ts';

interface Known {
  session: SessionView;
  /** As handlers were told last; an answer's acknowledgement may be ahead of it. */
  told?: SessionView | undefined;
  /** False when a snapshot no longer had it. Kept, so that a late copy of an old event does not bring it back. */
  present: boolean;
}

/** The page's view of its visitor's sessions. Whatever the order and repetition of what is heard, the newest version stays. */
export interface Sessions {
  known: ReadonlyMap<string, Known>;
  /** Sessions heard of since the connection was made. A snapshot taken before them says nothing against them. */
  fresh: ReadonlySet<string>;
}

/** The view after something was heard, and the events that were news. */
export interface Heard {
  sessions: Sessions;
  news: Envelope[];
}

export const NO_SESSIONS: Sessions = { known: new Map(), fresh: new Set() };

/** Live sessions, newest first. */
export function liveSessions({ known }: Sessions): SessionView[] {
  const live = [...known.values()].filter(({ session, present }) => present && session.status !== 'closed').map(({ session }) => session);
  live.sort((one, other) => (age(one) < age(other) ? 1 : -1));
  return live;
}

/** A connection was made; a snapshot will follow, and events may come before it. */
export function connected({ known }: Sessions): Sessions {
  return { known, fresh: new Set() };
}

/** One event was pushed. */
export function heardEvent({ known, fresh }: Sessions, event: Envelope): Heard {
  const { session } = event;
  const before = known.get(session.id);
  const heard = { known, fresh: new Set(fresh).add(session.id) };
  if (before && (session.version <= (before.told?.version ?? 0) || session.version < before.session.version))
    return { sessions: heard, news: [] };
  return { sessions: { ...heard, known: put(known, { session, told: session, present: true }) }, news: [event] };
}

/** The snapshot of a connection: what it does not have is gone, without a word why; `missedEnds` has it then. */
export function heardSnapshot(sessions: Sessions, events: readonly Envelope[]): Heard {
  const listed = new Set(events.map(({ session }) => session.id));
  const known = new Map(sessions.known);
  for (const [id, entry] of known) {
    if (listed.has(id)) known.set(id, { ...entry, present: true });
    else if (!sessions.fresh.has(id)) known.set(id, { ...entry, present: false });
  }
  const heard: Heard = { sessions: { known, fresh: sessions.fresh }, news: [] };
  for (const event of events) {
    const next = heardEvent(heard.sessions, event);
    heard.sessions = next.sessions;
    heard.news.push(...next.news);
  }
  return heard;
}

/** An acknowledgement showed the session as it is now. Its event still comes, and is still news. */
export function heardAnswer(sessions: Sessions, session: SessionView): Sessions {
  const before = sessions.known.get(session.id);
  if (before && session.version <= before.session.version) return sessions;
  const fresh = new Set(sessions.fresh).add(session.id);
  return { fresh, known: put(sessions.known, { session, told: before?.told, present: true }) };
}

/** Sessions that ended while the page was away, and of whose end handlers were not told. */
export const missedEnds = ({ known }: Sessions): string[] =>
  [...known].flatMap(([id, { told, present }]) => (present || told?.status === 'closed' ? [] : [id]));

const put = (known: Sessions['known'], entry: Known) => new Map(known).set(entry.session.id, entry);

/** Sorts by the first time known; the id tells twins apart. */
const age = ({ id, requestedAt, invitedAt, acceptedAt, activeAt }: SessionView): string =>
  `${requestedAt ?? invitedAt ?? acceptedAt ?? activeAt ?? ''} ${id}`;
