import { contain } from '../boot/contain.ts';
import type { AnswerError, ErrorCode, SessionView, Texts } from '../types.ts';
import { element, listen } from './element.ts';
import { createOfferCard, type Choice, type OfferCard } from './offer-card.ts';
import css from './dock.css';
import { createLateNotes, type NotesFile } from './late-notes.ts';
import type { NoteSurroundings } from './notes.ts';
import { dress } from './style.ts';
import { type Language, LAST_WORD_MS } from './texts.ts';

/** The SDK's own corner of the page, in a shadow root: the offer card and the sharing pill. */
export interface Dock {
  /** Shows what there is to show of the visitor's live sessions, newest first. */
  render(sessions: readonly SessionView[]): void;
  remove(): void;
}

interface Surroundings extends Pick<NoteSurroundings, 'requests' | 'answeredHere' | 'reasonOf'> {
  /** The language to speak, once `ready` has resolved. What there is to show waits for it, though not for long. */
  language: () => Language;
  ready: Promise<unknown>;
  /** The bridge's time. */
  clock: { now: () => number };
  answer: (kind: Choice | 'end', sessionId: string) => Promise<SessionView>;
  notesFile: NotesFile;
  nonce: string | undefined;
}

/** Refusals after which there is nothing left to choose. */
const LAST_WORDS: Partial<Record<ErrorCode, 'expired' | 'noLongerOpen' | 'acceptedElsewhere'>> = {
  session_expired: 'expired',
  session_closed: 'noLongerOpen',
  not_found: 'noLongerOpen',
  already_accepted: 'acceptedElsewhere',
};
const HUSH_MS = 10_000;
const PATIENCE_MS = 2_000;
const LOOK_MS = 1_000;
/** The root, then what makes the rest of it inert or hides it. `:is()` forgives browsers that do not know `:modal`. */
const PLACES = ':root, :is(:modal)';

export function mountDock({ language, ready, clock, answer, notesFile, nonce, ...about }: Surroundings): Dock {
  const host = document.createElement('cobridge-dock');
  const root = host.attachShadow({ mode: 'open' });
  const announcer = element('div', { class: 'announcer', role: 'status' });
  const stack = element('div', { class: 'stack' }, announcer);
  dress(root, css, nonce);
  root.append(stack);
  // Beside the body, which frameworks replace.
  document.documentElement.append(host);

  let texts: Texts;
  const notes = createLateNotes(notesFile, () => ({
    ...about,
    answer,
    texts,
    announce,
    keepFocus,
    show: (pill) => announcer.after(pill),
    dress: (more) => dress(root, more, nonce),
  }));
  let begun = false;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let sessions: readonly SessionView[] = [];
  let card: OfferCard | undefined;
  let shown: SessionView | undefined;
  const settled = new Set<string>();
  let cameFrom: EventTarget | null = null;
  listen(stack, 'focusin', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && root.contains(relatedTarget))) cameFrom = relatedTarget;
  });

  let watch: ReturnType<typeof setTimeout> | undefined;
  /** Where the visitor sees and reaches it: pages replace their root, and open dialogs. `last`: also above what came since. */
  function settle(last: boolean): void {
    clearTimeout(watch);
    if (sessions.length === 0) return;
    watch = setTimeout(contain(render), LOOK_MS, sessions);
    const place = [...document.querySelectorAll(PLACES)].pop();
    if (!root.activeElement && (last ? place?.lastElementChild !== host : host.parentNode !== place)) place?.append(host);
  }

  let hush: ReturnType<typeof setTimeout> | undefined;
  const announce = (text: string) => {
    announcer.textContent = text;
    clearTimeout(hush);
    // Said once, it is not to be come upon later.
    hush = setTimeout(() => announcer.replaceChildren(), HUSH_MS);
  };

  /** The keyboard goes back to where it was when what it was on goes away. */
  function keepFocus(change: () => void): void {
    const ours = root.activeElement !== null;
    change();
    if (ours && root.activeElement === null && cameFrom instanceof HTMLElement) cameFrom.focus({ preventScroll: true });
  }

  function drop(gone: OfferCard): void {
    if (card !== gone) return;
    keepFocus(() => gone.remove());
    card = shown = undefined;
    // As news: what held the keyboard may have to be moved above others now.
    render([...sessions]);
  }

  function finish(over: OfferCard, word: string): void {
    keepFocus(() => over.finish(word));
    setTimeout(
      contain(() => drop(over)),
      LAST_WORD_MS,
    );
  }

  function choose(asked: OfferCard, choice: Choice): void {
    announce('');
    answer(choice, asked.sessionId).then(
      contain(() => {
        settled.add(asked.sessionId);
        drop(asked);
      }),
      contain(({ code }: AnswerError) => {
        const word = LAST_WORDS[code];
        const open = sessions.some(({ id, status }) => id === asked.sessionId && status === 'invited');
        if (word || !open) settled.add(asked.sessionId);
        if (word) finish(asked, texts[word]);
        else if (!open) finish(asked, texts.noLongerOpen);
        else asked.retry();
      }),
    );
  }

  function offer(session: SessionView): OfferCard {
    const made: OfferCard = createOfferCard(session, {
      texts,
      now: clock.now,
      choose: (choice) => choose(made, choice),
      expire: () => finish(made, texts.expired),
      announce,
    });
    return made;
  }

  function renderCard(invited: SessionView | undefined): void {
    if (!invited || invited === shown || card?.held) return;
    const asked = (card ??= offer(invited));
    shown = invited;
    const says = asked.show(invited);
    if (says) announce(says);
    if (!asked.element.isConnected) stack.append(asked.element);
  }

  function render(next: readonly SessionView[]): void {
    const news = sessions !== next;
    sessions = next;
    if (!begun) {
      if (sessions.length > 0) patience ??= setTimeout(begin, PATIENCE_MS);
      return;
    }
    settle(news);
    // By the clock, which the bridge may set right: what was over by mistake is asked again.
    const open = ({ id, status, expiresAt }: SessionView) =>
      status === 'invited' && !settled.has(id) && (id === card?.sessionId || !expiresAt || Date.parse(expiresAt) > clock.now());
    const offers = sessions.filter(open);
    const asked = offers.find(({ id }) => id === card?.sessionId);
    if (card && !card.held && !asked) {
      const reason = about.reasonOf(card.sessionId);
      // The visitor's own answer in another place needs no word here. Before the notes, whose word on a yes stays.
      announce(reason === null || reason === 'declined' ? '' : texts.noLongerOpen);
      return drop(card);
    }
    notes.render(sessions);
    // Another offer waits for its turn: a card must not change under the visitor's finger.
    renderCard(asked ?? offers[0]);
  }

  const begin = contain(() => {
    clearTimeout(patience);
    if (begun) return;
    begun = true;
    ({ lang: stack.lang, dir: stack.dir, texts } = language());
    render(sessions);
  });
  void ready.then(begin);

  return {
    render,
    remove() {
      begun = true;
      clearTimeout(patience);
      clearTimeout(watch);
      card?.remove();
      card = undefined;
      notes.stop();
      host.remove();
    },
  };
}
