import type { Agent, Standing, Verb, Wish } from './agent.ts';
import { find } from './timeline.ts';
import { type Mode, statusSentence } from './words.ts';

/** When a button makes sense; the others always do. */
const USABLE: Record<string, (standing: Standing) => boolean> = {
  cancel: ({ status }) => status === 'sent' || status === 'invited',
  join: ({ status }) => status === 'accepted',
  end: ({ status }) => status === 'accepted' || status === 'active',
  close: ({ chatting }) => chatting,
};

/** Invitations as they go in real life. */
const WISHES: Record<string, Omit<Wish, 'mode'>> = {
  invite: {},
  brief: { expiresInSeconds: 15 },
  twice: { mishap: 'twice' },
  reordered: { mishap: 'reordered' },
};

export interface Controls {
  show(standing: Standing): void;
  joinsAlone(): boolean;
}

/** The agent's buttons. */
export function createControls(root: HTMLElement, agent: () => Agent): Controls {
  const joinsAlone = find(root, '[name=joins-alone]', HTMLInputElement);
  const status = find(root, '.status', HTMLElement);
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('button[name]')];

  const mode = (): Mode => find(root, '[name=mode]:checked', HTMLInputElement).value as Mode;
  for (const button of buttons) {
    // Not `disabled`: the keyboard would lose its place.
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      const wish = WISHES[button.name];
      if (wish) agent().invite({ ...wish, mode: mode() });
      else agent().act(button.name as Exclude<Verb, 'invite'>);
    });
  }

  function show(standing: Standing): void {
    status.textContent = statusSentence(standing);
    status.dataset['status'] = standing.status ?? 'none';
    for (const button of buttons) button.setAttribute('aria-disabled', String(!(USABLE[button.name]?.(standing) ?? true)));
  }
  return { show, joinsAlone: () => joinsAlone.checked };
}
