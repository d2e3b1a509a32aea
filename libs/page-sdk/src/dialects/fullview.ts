import { fullviewEvents } from '#libs/dialects';
import type { SessionView } from '../types.ts';
import type { OpenDialect } from './dialect.ts';

/** What this document was told, whichever bridge it was: an SDK that is started again says nothing twice. */
const told = new Map<string, SessionView>();

/** Fullview's events, dispatched on `window` in every tab. */
export const open: OpenDialect = ({ window }) => ({
  told(event, before) {
    const { session } = event;
    const events = fullviewEvents(told.get(session.id) ?? before, event);
    told.set(session.id, session);
    for (const { name, detail } of events) window.dispatchEvent(new CustomEvent(name, { detail }));
  },
  stop() {},
});
