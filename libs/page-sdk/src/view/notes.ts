import type { Reason, SessionView, Texts } from '../types.ts';
import css from './notes.css';
import { createPill, type Pill } from './pill.ts';
import { fill, LAST_WORD_MS } from './texts.ts';

/** The pills: that the page is shared, and that the visitor waits for an agent. */
export interface Notes {
  render(sessions: readonly SessionView[]): void;
}

export interface NoteSurroundings {
  texts: Texts;
  answer: (kind: 'end', sessionId: string) => Promise<SessionView>;
  requests: { cancel: () => Promise<void>; codeOf: (sessionId: string) => string | undefined };
  /** Whether the visitor said yes on this very page. */
  answeredHere: (sessionId: string) => boolean;
  /** Why a session that is over is over; null as long as it is not, undefined when nobody has said. */
  reasonOf: (sessionId: string) => Reason | null | undefined;
  announce: (text: string) => void;
  show: (pill: HTMLElement) => void;
  dress: (css: string) => void;
  /** Makes a change that may take away what the keyboard is on. */
  keepFocus: (change: () => void) => void;
}

export function createNotes({
  texts,
  answer,
  requests,
  answeredHere,
  reasonOf,
  announce,
  show,
  dress,
  keepFocus,
}: NoteSurroundings): Notes {
  dress(css);
  let sharing: Pill | undefined;
  let waiting: Pill | undefined;

  function sharingNote(sessionId: string): Pill {
    return createPill(sessionId, {
      name: texts.sharing,
      button: texts.end,
      texts,
      announce,
      words: ({ status }) =>
        status === 'accepted'
          ? { says: texts.connecting, joining: true }
          : { says: answeredHere(sessionId) ? texts.sharingHere : texts.sharing },
      end: () => answer('end', sessionId),
    });
  }

  function waitingNote(sessionId: string): Pill {
    return createPill(sessionId, {
      name: texts.waiting,
      button: texts.cancel,
      texts,
      announce,
      words() {
        const code = requests.codeOf(sessionId);
        if (code === undefined) return { says: texts.waiting, joining: true };
        // This space breaks no line, and keeps the digits in their order where the text runs from the right.
        const below = fill(texts.yourCode, { code: `${code.slice(0, 3)}\u00a0${code.slice(3)}` });
        const aloud = `${texts.waiting}. ${fill(texts.yourCode, { code: code.split('').join(' ') })}`;
        return { says: texts.waiting, below, aloud, joining: true };
      },
      end: requests.cancel,
    });
  }

  /** The pill for a session, or none. `over` has the last word of one that is gone, which is said before the first of the next. */
  function renderPill(pill: Pill | undefined, session: SessionView | undefined, make: (id: string) => Pill, over: (gone: Pill) => string) {
    let word = '';
    if (pill && pill.sessionId !== session?.id) {
      announce((word = over(pill)));
      pill = undefined;
    }
    if (!session) return undefined;
    const note = pill ?? make(session.id);
    const says = note.show(session);
    if (says) announce(`${word} ${says}`.trim());
    if (!note.element.isConnected) show(note.element);
    return note;
  }

  function takeAway({ element: pill }: Pill): void {
    keepFocus(() => pill.remove());
  }

  function render(sessions: readonly SessionView[]): void {
    const requested = sessions.find(({ status }) => status === 'requested');
    waiting = renderPill(waiting, requested, waitingNote, (gone) => {
      const reason = reasonOf(gone.sessionId);
      if (reason !== 'cancelled' && reason !== 'expired') {
        takeAway(gone);
        return '';
      }
      keepFocus(() => gone.finish(texts.noAgent));
      setTimeout(() => takeAway(gone), LAST_WORD_MS);
      return texts.noAgent;
    });
    const shared = sessions.find(({ status }) => status === 'accepted' || status === 'active');
    sharing = renderPill(sharing, shared, sharingNote, (gone) => {
      takeAway(gone);
      // Null: it is not over, a newer one has taken its place.
      return reasonOf(gone.sessionId) === null ? '' : texts.ended;
    });
  }

  return { render };
}
