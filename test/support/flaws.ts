import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

/** What axe finds wrong in a document, shadow roots included, one line per rule. Frames in it are documents of their own. */
export async function flaws(document: Page | Frame): Promise<string[]> {
  // By the debugger, as a page's policy may let no script in.
  if (!(await document.evaluate('typeof axe === "object"'))) await document.evaluate(await readFile(AXE, 'utf8'));
  // Only the violations leave the page: to carry all that axe says costs four times as much as to find it.
  const violations = await document.evaluate<AxeResults['violations']>(
    'axe.run(document, { iframes: false }).then(({ violations }) => violations)',
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
