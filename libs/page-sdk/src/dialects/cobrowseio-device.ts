const KEY = 'cobridge.cobrowseio.device';

/** The vendor's id of this browser on this site: random, kept in `localStorage`; without it the id lives as long as the document. */
export function deviceIdOf(window: Window): string {
  try {
    const kept = window.localStorage.getItem(KEY);
    if (kept !== null && /^[\w-]{8,64}$/.test(kept)) return kept;
  } catch {
    // Storage is off.
  }
  const id = [...window.crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    window.localStorage.setItem(KEY, id);
  } catch {
    // Off, or full.
  }
  return id;
}
