import { type CobrowseEvent, cobrowseEvents, type CobrowseState, projectSession } from '#libs/dialects';
import type { SessionView } from '../types.ts';
import { createSessionObject, type ShownSession } from './cobrowseio-session.ts';
import type { CobrowseIOSession } from './cobrowseio-types.ts';
import type { DialectHost } from './dialect.ts';

export interface PageSessions {
  /** Emits what is news to page code. */
  tell(session: SessionView, occurredAt?: string): void;
  /** Emits `session.updated` for the open request that has this code, when it was told of before its code was known. */
  codeKnown(code: string): void;
  objectOf: (session: SessionView) => CobrowseIOSession;
  find(idOrCode: string): CobrowseIOSession | undefined;
  /** The one that runs, or else is asked for, or else waits; null when there is none. */
  current: () => CobrowseIOSession | null;
  forget(): void;
}

interface Surroundings {
  /** Throws while no bridge is attached. */
  host: () => DialectHost;
  codeOf: (sessionId: string) => string | undefined;
  emit: (name: CobrowseEvent['name'], session: CobrowseIOSession) => void;
}

/** The visitor's sessions as objects for page code. */
export function createPageSessions({ host, codeOf, emit }: Surroundings): PageSessions {
  const told = new Map<string, SessionView>();
  const objects = new Map<string, ShownSession>();

  function objectFor(view: SessionView): ShownSession {
    const known = objects.get(view.id);
    if (known) return known;
    const made = createSessionObject(projectSession(view, lastChange(view)), {
      code: codeOf,
      activate: async (id) => show(await host().bridge.accept(id)),
      end,
    });
    objects.set(view.id, made);
    return made;
  }

  const show = (view: SessionView): void => objectFor(view).show(projectSession(view, lastChange(view)));

  async function end(id: string): Promise<void> {
    const { bridge } = host();
    const view = bridge.sessions.find((session) => session.id === id) ?? told.get(id);
    if (view?.status === 'requested') {
      await bridge.cancelRequest();
      // The event still comes. The object already says what the bridge has said yes to.
      show({ ...view, status: 'closed', reason: 'withdrawn', closedAt: new Date().toISOString() });
    } else {
      show(await (view?.status === 'invited' ? bridge.decline(id) : bridge.end(id)));
    }
  }

  return {
    tell(session, occurredAt = lastChange(session)) {
      if (session.status === 'closed' && objects.has(session.id) && !told.has(session.id)) {
        // Page code has it from `createSession`; its first event was lost with the connection.
        this.tell({ ...session, status: 'requested', reason: null, closedAt: null });
      }
      const events = cobrowseEvents(told.get(session.id), { session, occurredAt });
      told.set(session.id, session);
      for (const { name, session: shown } of events) {
        const object = objectFor(session);
        object.show(shown);
        emit(name, object.session);
      }
    },
    codeKnown(code) {
      const view = [...told.values()].find(({ id, status }) => status === 'requested' && codeOf(id) === code);
      if (view) {
        show(view);
        emit('session.updated', objectFor(view).session);
      }
    },
    objectOf: (view) => objectFor(view).session,
    find(idOrCode) {
      const view = host().bridge.sessions.find(({ id }) => id === idOrCode || codeOf(id) === idOrCode);
      return view ? objectFor(view).session : objects.get(idOrCode)?.session;
    },
    current() {
      const live = (state: CobrowseState) => [...objects.values()].filter(({ session }) => session.state() === state).pop();
      return (live('active') ?? live('authorizing') ?? live('pending'))?.session ?? null;
    },
    forget() {
      told.clear();
      objects.clear();
    },
  };
}

/** When a session came to be as it is, as far as it says so itself. */
const lastChange = ({ requestedAt, invitedAt, acceptedAt, activeAt, closedAt }: SessionView): string =>
  closedAt ?? activeAt ?? acceptedAt ?? invitedAt ?? requestedAt ?? new Date().toISOString();
