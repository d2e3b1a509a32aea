/**
 * Dresses the dock, also in several sheets. A constructed style sheet needs no leave from the page's Content Security Policy; browsers without them (Safari
 * before 16.4) get an element, with the page's nonce.
 */
export function dress(root: ShadowRoot, css: string, nonce = ''): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } else {
    const style = document.createElement('style');
    style.nonce = nonce;
    style.textContent = css;
    root.append(style);
  }
}
