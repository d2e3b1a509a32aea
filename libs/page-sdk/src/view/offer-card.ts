import type { SessionView, Texts } from '../types.ts';
import { agentName } from './agent-name.ts';
import { clockTime, countDown } from './countdown.ts';
import { element, icon, listen } from './element.ts';
import { fill } from './texts.ts';

export type Choice = 'accept' | 'decline';

export interface OfferCard {
  readonly sessionId: string;
  readonly element: HTMLElement;
  /** An answer is on its way, or the last word is being shown: leave the card be. */
  readonly held: boolean;
  /** Shows who asks for what. Returns what it says when that has changed. */
  show(session: SessionView): string | undefined;
  /** The answer did not get through: the visitor may choose again while there is time. */
  retry(): void;
  /** Shows the last word, without buttons. */
  finish(word: string): void;
  remove(): void;
}

interface Surroundings {
  texts: Texts;
  /** The bridge's time. */
  now: () => number;
  choose: (choice: Choice) => void;
  /** The time is up and nobody has answered. */
  expire: () => void;
  announce: (text: string) => void;
}

const LAST_CALL_SECONDS = 10;

/** Stands for the name in a sentence that is about to be cut there. */
const NAME = '\0';

/** The question whether to share the page: a dialog that waits at the edge and takes neither focus nor the page away. */
export function createOfferCard(session: SessionView, { texts, now, choose, expire, announce }: Surroundings): OfferCard {
  let chosen: Choice | undefined;
  let over = false;
  let called = false;
  let deadline = Infinity;
  let stopCountdown = () => {};

  const title = element('h2', { id: 'title' }, texts.title);
  const asks = element('p', { id: 'asks' });
  const trouble = element('p', { class: 'trouble' });
  const time = element('span', { class: 'time', 'aria-hidden': 'true' });
  const bar = element('span', { class: 'bar' });
  const decline = element('button', { type: 'button', class: 'decline' }, texts.decline);
  const accept = element('button', { type: 'button', class: 'accept' }, texts.accept);
  const track = element('span', { class: 'track', 'aria-hidden': 'true' }, bar);
  const foot = element('div', { class: 'foot' }, track, time, element('div', { class: 'buttons' }, decline, accept));
  const card = element(
    // Open without `show()`, which would take the keyboard.
    'dialog',
    { open: '', class: 'card', 'aria-labelledby': 'title', 'aria-describedby': 'asks' },
    element(
      'span',
      { class: 'badge' },
      icon('M20 9V6a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h5', 'M12.5 11.5l8.5 3.2-3.8 1.5-1.5 3.8z'),
    ),
    element('div', { class: 'words' }, title, asks, trouble),
    foot,
  );

  const take = (choice: Choice) => {
    if (chosen || over) return;
    chosen = choice;
    trouble.textContent = '';
    card.setAttribute('aria-busy', 'true');
    for (const button of [accept, decline]) button.setAttribute('aria-disabled', 'true');
    if (choice === 'accept') accept.textContent = texts.connecting;
    choose(choice);
  };
  listen(accept, 'click', () => take('accept'));
  listen(decline, 'click', () => take('decline'));
  listen(card, 'keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    take('decline');
  });

  function tick(left: number, whole: number): void {
    time.textContent = fill(texts.left, { time: clockTime(left) });
    bar.style.transform = `scaleX(${Math.min(1, left / whole).toFixed(4)})`;
    const seconds = Math.ceil(left / 1000);
    if (called || chosen || seconds > LAST_CALL_SECONDS) return;
    called = true;
    card.classList.add('last-call');
    announce(fill(texts.secondsLeft, { seconds: String(seconds) }));
  }

  return {
    sessionId: session.id,
    element: card,
    get held() {
      return chosen !== undefined || over;
    },
    show({ agent, mode, invitedAt, expiresAt }) {
      const says = { shared: texts.askShared, view: texts.askView, follow: texts.askFollow }[mode];
      const name = agentName(agent.name) || texts.anAgent;
      const parts = `${fill(says, { agent: NAME })} ${texts.stopAnyTime}`.split(NAME);
      const was = asks.textContent;
      // Set apart, so that a name of the other direction leaves the order of the sentence alone.
      asks.replaceChildren(...parts.flatMap((part, i) => (i === 0 ? [part] : [element('bdi', {}, name), part])));
      const news = asks.textContent === was ? undefined : `${texts.title} ${asks.textContent}`;
      stopCountdown();
      if (expiresAt === null) return news;
      deadline = Date.parse(expiresAt);
      const whole = Math.max(1, deadline - (invitedAt === null ? now() : Date.parse(invitedAt)));
      stopCountdown = countDown(deadline, now, {
        tick: (left) => tick(left, whole),
        over: () => {
          if (!chosen) expire();
        },
      });
      return news;
    },
    retry() {
      if (deadline <= now()) return expire();
      chosen = undefined;
      card.removeAttribute('aria-busy');
      for (const button of [accept, decline]) button.removeAttribute('aria-disabled');
      accept.textContent = texts.accept;
      trouble.textContent = texts.failed;
      announce(texts.failed);
    },
    finish(word) {
      over = true;
      stopCountdown();
      // The question is not open any more, so it does not stay above its own end.
      title.textContent = word;
      asks.textContent = trouble.textContent = '';
      foot.remove();
      announce(word);
    },
    remove() {
      stopCountdown();
      card.remove();
    },
  };
}
