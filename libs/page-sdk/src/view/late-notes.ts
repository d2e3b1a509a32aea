import { complain, contain } from '../boot/contain.ts';
import type { SessionView } from '../types.ts';
import type { createNotes, Notes, NoteSurroundings } from './notes.ts';

/** Loads the pills' own file; `attempt` counts from 0. */
export type NotesFile = (attempt: number) => Promise<{ createNotes: typeof createNotes }>;

export interface LateNotes extends Notes {
  stop(): void;
}

const AGAIN_MS = 3_000;

/** The pills, in a file of their own that is loaded with the first answer or request. The way out is theirs: it is tried until it is there. */
export function createLateNotes(file: NotesFile, surroundings: () => NoteSurroundings): LateNotes {
  let sessions: readonly SessionView[] = [];
  let notes: Notes | undefined;
  let attempts = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  let loading = false;
  let stopped = false;

  const wanted = () => sessions.some(({ status }) => status !== 'invited');

  function load(): void {
    again = undefined;
    if (stopped || !wanted()) return;
    loading = true;
    file(attempts++).then(
      contain(({ createNotes: create }) => {
        if (stopped) return;
        notes = create(surroundings());
        notes.render(sessions);
      }),
      (error: unknown) => {
        loading = false;
        if (attempts === 1) complain(`The note about sharing could not be loaded. It is tried again: ${String(error)}`);
        again = setTimeout(load, AGAIN_MS * attempts);
      },
    );
  }

  return {
    render(next) {
      sessions = next;
      if (notes) notes.render(next);
      else if (!loading && again === undefined) load();
    },
    stop() {
      stopped = true;
      clearTimeout(again);
    },
  };
}
