interface Host {
  CobrowseIO?: Record<string, unknown>;
}

let opened = () => {};
const ready = new Promise<void>((resolve) => {
  opened = resolve;
});

/**
 * Cobrowse.io's documented snippet sets `CobrowseIO.license` and the like at once and waits for the rest with
 * `CobrowseIO.client().then(…)`. Puts that much into the page. Call what is returned when the object can do the rest.
 */
export function promiseClient(window: Window): () => void {
  try {
    const client = ((window as Host).CobrowseIO ??= {});
    client['client'] = () => ready.then(() => client);
  } catch {
    // The page has made it read-only.
  }
  return opened;
}
