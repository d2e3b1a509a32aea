import type { SessionView, Texts } from '../types.ts';
import { element, listen } from './element.ts';

export interface SharingPill {
  readonly sessionId: string;
  readonly element: HTMLElement;
  /** Shows where the session is. Returns what it says when that has changed. */
  show(session: SessionView): string | undefined;
  /** After an attempt to end it that failed: End can be pressed again. */
  retry(): void;
}

/** The note that stays while the page is shared, with the way out. `here`: the visitor said yes on this very page. */
export function createSharingPill(
  sessionId: string,
  { texts, here, end }: { texts: Texts; here: () => boolean; end: () => void },
): SharingPill {
  const says = element('span', { class: 'says' });
  const button = element('button', { type: 'button', class: 'end' }, texts.end);
  const pill = element('section', { class: 'pill', 'aria-label': texts.sharing }, element('span', { class: 'dot' }), says, button);
  listen(button, 'click', () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    end();
  });
  return {
    sessionId,
    element: pill,
    show({ status }) {
      const text = status === 'accepted' ? texts.connecting : here() ? texts.sharingHere : texts.sharing;
      pill.classList.toggle('joining', status === 'accepted');
      if (says.textContent === text) return undefined;
      says.textContent = text;
      return text;
    },
    retry() {
      says.textContent = texts.failed;
      button.removeAttribute('aria-disabled');
    },
  };
}
