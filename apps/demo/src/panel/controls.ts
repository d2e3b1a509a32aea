import type { Agent, Standing } from './agent.ts';
import { find } from './timeline.ts';
import { type Mode, type Status, statusSentence } from './words.ts';

/** When a button makes sense; the others always do. */
const USABLE: Record<string, readonly (Status | undefined)[]> = {
  cancel: ['invited'],
  join: ['accepted'],
  end: ['accepted', 'active'],
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
  const actions: Record<string, () => void> = {
    invite: () => agent().invite(mode()),
    brief: () => agent().inviteBriefly(mode()),
    twice: () => agent().inviteTwice(mode()),
    reordered: () => agent().inviteOutOfOrder(mode()),
    cancel: () => agent().cancel(),
    join: () => agent().join(),
    end: () => agent().end(),
  };
  for (const button of buttons) {
    // Not `disabled`: the keyboard would lose its place.
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') actions[button.name]?.();
    });
  }

  function show(standing: Standing): void {
    status.textContent = statusSentence(standing);
    status.dataset['status'] = standing.status ?? 'none';
    for (const button of buttons) {
      const usable = USABLE[button.name]?.includes(standing.status) ?? true;
      button.setAttribute('aria-disabled', String(!usable));
    }
  }
  return { show, joinsAlone: () => joinsAlone.checked };
}
