import type { SessionView } from '@cobridge/page-sdk';
import { useId, useLayoutEffect, useRef } from 'react';
import type { Cobrowse } from './useCobrowse.js';

const MAY = {
  shared: 'see this page, and click and type on it with you',
  view: 'see this page and scroll it with you',
  follow: 'see this page',
} as const;

interface Asked extends Pick<Cobrowse, 'trouble' | 'accept' | 'decline'> {
  session: SessionView;
}

/** The question, as a modal dialog: the browser keeps the keyboard in it, gives it back afterwards, and Escape says no. */
export function AskDialog({ session, trouble, accept, decline }: Asked) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // The heading is read out first, and whoever is typing just now presses no button.
    heading.current?.focus();
    // Closed while it is still there, it gives the keyboard back to where it was.
    return () => shown?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className="ask"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}text`}
      onCancel={(event) => {
        event.preventDefault();
        decline();
      }}
    >
      <h2 ref={heading} id={`${id}title`} tabIndex={-1}>
        May we look at this page with you?
      </h2>
      <p id={`${id}text`}>
        {session.agent.name ?? 'An agent'} would like to {MAY[session.mode]}. You can stop at any time.
      </p>
      {trouble && <p role="alert">{trouble}</p>}
      <p className="buttons">
        <button type="button" onClick={accept}>
          Yes, share
        </button>
        <button type="button" className="second" onClick={decline}>
          No, thanks
        </button>
      </p>
    </dialog>
  );
}
