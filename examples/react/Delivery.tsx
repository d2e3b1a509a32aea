import { AskDialog } from './AskDialog.js';
import { SharingBar } from './SharingBar.js';
import { useCobrowse } from './useCobrowse.js';

const url = document.documentElement.dataset['bridge'] ?? '';

async function getToken(): Promise<string> {
  const answer = await fetch('/page-token');
  if (!answer.ok) throw new Error(`/page-token answered ${answer.status}`);
  return answer.text();
}

export function Delivery() {
  const cobrowse = useCobrowse({ url, getToken });
  const { session } = cobrowse;
  return (
    <>
      <h1>Your delivery</h1>
      <p>One oak table. Tell us where it should stand.</p>
      <section aria-labelledby="address">
        <h2 id="address">Address</h2>
        <label>
          Name <input autoComplete="name" />
        </label>
        <label>
          Street and number <input autoComplete="street-address" />
        </label>
        <label>
          Town <input autoComplete="address-level2" />
        </label>
      </section>
      {session?.status === 'invited' && <AskDialog key={session.id} {...cobrowse} session={session} />}
      <SharingBar {...cobrowse} />
    </>
  );
}
