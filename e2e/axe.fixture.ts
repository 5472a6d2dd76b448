/**
 * An audit of a page by axe-core: the rules of WCAG 2.2 A and AA, and its best practices. It is run by the debugger's
 * way into the page, because the Content Security Policy refuses the script of a stranger, and rightly so.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Runs in the page; axe is there. A line per element that breaks a rule. */
const AUDIT = `(async () => {
  const { violations } = await axe.run(document, {
    runOnly: { type: 'tag', values: ${JSON.stringify(TAGS)} },
    resultTypes: ['violations'],
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, help, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => {
        const why = failureSummary.split('\\n').slice(1).map((line) => line.trim()).join('; ');
        return impact + ' ' + id + ': ' + help + ' at ' + target.join(' ') + ' (' + why + ')';
      }),
    );
})()`;

let source: Promise<string> | null = null;

/** The serious and critical violations as lines to read; none when all is well. */
export async function axeProblems(page: Page): Promise<readonly string[]> {
  source ??= readFile(AXE, 'utf8');
  const isThere = await page.evaluate<boolean>("typeof axe === 'object'");
  if (!isThere) await page.evaluate(`{ ${await source} }`);
  return page.evaluate<readonly string[]>(AUDIT);
}
