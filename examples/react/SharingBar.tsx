import type { Cobrowse } from './useCobrowse.js';

/** How it stands, always in sight, and one button to stop. Its text is read out whenever it changes. */
export function SharingBar({ session, trouble, end }: Pick<Cobrowse, 'session' | 'trouble' | 'end'>) {
  const sharing = session?.status === 'accepted' || session?.status === 'active';
  const text = trouble ?? textFor(session);
  return (
    <aside className="sharing" aria-label="Page sharing" data-shown={text !== ''}>
      <p role="status">{text}</p>
      {sharing && (
        <button type="button" className="second" onClick={end}>
          Stop sharing
        </button>
      )}
    </aside>
  );
}

function textFor(session: Cobrowse['session']): string {
  switch (session?.status) {
    case 'accepted':
      return 'Connecting …';
    case 'active':
      return 'You are sharing this page.';
    case 'closed':
      return `You are not sharing this page. (${session.reason})`;
    default:
      return '';
  }
}
