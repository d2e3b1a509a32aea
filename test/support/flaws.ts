import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

/**
 * Only what is wrong leaves the page: to carry all that axe says costs four times as much as to find it. Axe knows the place of nothing that
 * stands beside the body, and so can tell no contrast there: the SDK's dock is in the body while axe looks. Where axe has a reason not to tell,
 * such as words that have scrolled half behind the buttons, it is believed.
 */
const LOOK = `(async () => {
  const dock = document.querySelector('cobridge-dock');
  if (dock) document.body.append(dock);
  try {
    const { violations, incomplete } = await axe.run(document, { iframes: false });
    const untold = incomplete.filter(({ id }) => id === 'color-contrast').map((rule) => ({
      id: 'contrast that axe cannot tell',
      nodes: rule.nodes.filter(({ target, any }) => String(target).startsWith('cobridge-dock') && !any[0]?.data?.messageKey),
    }));
    return [...violations, ...untold.filter(({ nodes }) => nodes.length > 0)];
  } finally {
    if (dock) document.documentElement.append(dock);
  }
})()`;

/** What axe finds wrong in a document, shadow roots included, one line per rule. Frames in it are documents of their own. */
export async function flaws(document: Page | Frame): Promise<string[]> {
  // By the debugger, as a page's policy may let no script in.
  if (!(await document.evaluate('typeof axe === "object"'))) await document.evaluate(await readFile(AXE, 'utf8'));
  const found = await document.evaluate<AxeResults['violations']>(LOOK);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
