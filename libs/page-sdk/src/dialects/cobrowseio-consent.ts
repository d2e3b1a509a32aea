import type { SessionView } from '../types.ts';
import type { CobrowseIOHooks, CobrowseIOSession } from './cobrowseio-types.ts';

type Confirm = CobrowseIOHooks['confirmSession'];

interface Surroundings {
  sessionOf: (view: SessionView) => CobrowseIOSession;
  /** The card is to be shown, or held back, anew. */
  rerender: () => void;
  complain: (problem: unknown) => void;
}

export interface Consent {
  /** The page's own function, if it has put one. */
  own: Confirm | undefined;
  /** Asks by the page's function, once for each invitation; an invitation that is over ends what the card was asked for. */
  look(view: SessionView): void;
  /** Whether the page asks for itself, and the card has to stay away. */
  claims(view: SessionView): boolean;
  /** Whatever is open is asked anew at the next look. */
  forget(): void;
  /** The SDK's card as a function: resolves with the visitor's answer. */
  byCard: Confirm;
}

/** Who asks the visitor: the page's own `confirmSession`, or the SDK's card. */
export function createConsent({ sessionOf, rerender, complain }: Surroundings): Consent {
  const asked = new Set<string>();
  const onCard = new Map<string, (yes: boolean) => void>();

  /** As the vendor has it, only a literal false refuses, and so does a function that throws. */
  async function ask(confirm: Confirm, session: CobrowseIOSession): Promise<void> {
    let answer: unknown;
    try {
      answer = await confirm(session);
    } catch (error) {
      complain(error);
      answer = false;
    }
    if (!session.isAuthorizing()) return;
    if (answer !== false && answer !== true) {
      console.warn('[Cobridge] confirmSession resolved with neither true nor false. That counts as the consent of the visitor.');
    }
    await (answer === false ? session.end() : session.activate());
  }

  return {
    own: undefined,
    look(view) {
      if (view.status !== 'invited') {
        onCard.get(view.id)?.(view.status !== 'closed');
        onCard.delete(view.id);
      } else if (this.own && !asked.has(view.id)) {
        asked.add(view.id);
        ask(this.own, sessionOf(view)).catch((error: unknown) => {
          complain(error);
          // Answered, and not heard by the bridge: the visitor can still answer on the card.
          onCard.set(view.id, () => {});
          rerender();
        });
      }
    },
    claims({ id }) {
      return this.own !== undefined && asked.has(id) && !onCard.has(id);
    },
    forget: () => asked.clear(),
    byCard: (session) =>
      new Promise((resolve) => {
        if (!session?.isAuthorizing()) return resolve(session?.isActive() === true);
        onCard.set(session.id(), resolve);
        rerender();
      }),
  };
}
