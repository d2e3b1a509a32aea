import { settable } from './cobrowseio-property.ts';
import type { CobrowseIO, CobrowseIOHooks, CobrowseIOSession } from './cobrowseio-types.ts';

type Hook = CobrowseIOHooks['showSessionControls'];

/** Calls the page's `showSessionControls` when a session becomes active, and `hideSessionControls` when it is over. */
export function createControls(target: CobrowseIO, complain: (problem: unknown) => void) {
  const none: Hook = async () => {};
  const hook = (next: Hook): Hook => (typeof next === 'function' ? next : none);
  let shown: CobrowseIOSession | undefined;
  const call = (name: 'showSessionControls' | 'hideSessionControls', session: CobrowseIOSession) =>
    void Promise.resolve(session).then(target[name]).catch(complain);

  settable(target, 'hideSessionControls', none, hook);
  settable(target, 'showSessionControls', none, (next) => {
    if (shown) Promise.resolve(shown).then(hook(next)).catch(complain);
    return hook(next);
  });

  return {
    look(session: CobrowseIOSession): void {
      if (session.isActive() && shown !== session) call('showSessionControls', (shown = session));
      else if (session.isEnded() && shown === session) this.hide();
    },
    hide(): void {
      if (shown) call('hideSessionControls', shown);
      shown = undefined;
    },
  };
}
