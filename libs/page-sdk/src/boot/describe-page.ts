const LONGEST = 500;

/** What the bridge learns of the page. The address goes without query and fragment, where sites put what is nobody else's business. */
export function describePage(document: Document): { url: string; title: string; visible: boolean } {
  const { origin, pathname } = document.location;
  return {
    url: `${origin}${pathname}`.slice(0, LONGEST),
    title: document.title.slice(0, LONGEST),
    visible: document.visibilityState === 'visible',
  };
}
