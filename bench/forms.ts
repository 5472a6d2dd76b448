/**
 * Forms in the system's Chromium, with a portal started as its users start it: from a key to its frame in a form of 36
 * fields on 8 pages, with rules and without, and to the new list of a picker over the whole catalog. What the page shows
 * is compared with the API before it is timed. Prints the tables of README.md.
 *
 *   node bench/forms.ts [--sizes 12500,50000] [--rounds 5] [--port 7394]
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChrome } from '../e2e/browser.fixture.ts';
import { toTable } from './browser/figures.ts';
import { FORM_TEMPLATES, measureForms } from './browser/forms.ts';
import { startBrowsed } from './browser/portal.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '12500,50000' },
    rounds: { type: 'string', default: '5' },
    port: { type: 'string', default: '7394' },
    folder: { type: 'string', default: join(tmpdir(), 'callboard-bench-forms') },
  },
});

for (const entities of values.sizes.split(',').map(Number)) {
  const folder = join(values.folder, String(entities));
  await using portal = await startBrowsed({
    entities,
    folder,
    more: FORM_TEMPLATES,
    port: Number(values.port),
  });
  await using chrome = await launchChrome();
  const lines = await measureForms(chrome, portal, Number(values.rounds));
  console.log(`\n### Forms, ${entities} entities\n\n${toTable(lines)}`);
}
