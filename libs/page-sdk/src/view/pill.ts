import { contain } from '../boot/contain.ts';
import type { SessionView, Texts } from '../types.ts';
import { element } from './element.ts';

/** A note that stays for as long as something lasts, with the one button that ends it. */
export interface Pill {
  readonly sessionId: string;
  readonly element: HTMLElement;
  /** Shows where the session is. Returns what is to be said aloud when that has changed. */
  show(session: SessionView): string | undefined;
  /** Shows the last word, without the button. */
  finish(word: string): void;
}

interface Surroundings {
  /** What it is, for screen readers. */
  name: string;
  button: string;
  texts: Texts;
  /** What it says: in its line, below it, and aloud. `joining`: nothing is shared yet. */
  words: (session: SessionView) => { says: string; below?: string; aloud?: string; joining?: boolean };
  announce: (text: string) => void;
  /** The way out. When it rejects the button can be pressed again. */
  end: () => Promise<unknown>;
}

export function createPill(sessionId: string, { name, button: label, texts, words, announce, end }: Surroundings): Pill {
  let said = '';
  const line = element('span');
  const below = element('b');
  const button = element('button', { type: 'button', class: 'end' }, label);
  const pill = element(
    'section',
    { class: 'pill', 'aria-label': name },
    element('span', { class: 'dot' }),
    element('div', { class: 'says' }, line, below),
    button,
  );
  const press = contain(() => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    end().catch(() => {
      said = '';
      line.textContent = texts.failed;
      announce(texts.failed);
      button.removeAttribute('aria-disabled');
    });
  });
  return {
    sessionId,
    element: pill,
    show(session) {
      // Once more each time, which changes nothing unless `document.open()` has taken every listener away.
      button.addEventListener('click', press);
      const { says, below: more = '', aloud = says, joining = false } = words(session);
      pill.classList.toggle('joining', joining);
      if (said === aloud) return undefined;
      said = aloud;
      line.textContent = says;
      below.textContent = more;
      return aloud;
    },
    finish(word) {
      line.textContent = word;
      below.textContent = '';
      button.remove();
    },
  };
}
