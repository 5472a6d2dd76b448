/**
 * The page in the system's Chromium, with a portal started as its users start it: the first view, from the list to an
 * entity, from a key to what it finds, scrolling, the graph. What the page shows is compared with the API before it is
 * timed, times are taken in the page, and any error on it fails the run. Prints the tables of README.md.
 *
 *   node bench/browser.ts [--sizes 10000,100000] [--rounds 5] [--only first-view,typing]
 */
import { execFileSync } from 'node:child_process';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChrome, type Chrome } from '../e2e/browser.fixture.ts';
import { toTable, type Line } from './browser/figures.ts';
import { measureFirstView } from './browser/first-view.ts';
import { measureGraph } from './browser/graph.ts';
import { measureNavigation } from './browser/navigate.ts';
import { startBrowsed, type BrowsedPortal } from './browser/portal.ts';
import { measureScrolling } from './browser/scroll.ts';
import { measureTyping } from './browser/typing.ts';

type Measure = (chrome: Chrome, portal: BrowsedPortal, rounds: number) => Promise<readonly Line[]>;

const MEASURES: Readonly<Record<string, Measure>> = {
  'first-view': measureFirstView,
  navigation: measureNavigation,
  typing: measureTyping,
  scrolling: measureScrolling,
  graph: measureGraph,
};

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: Object.keys(MEASURES).join(',') },
    folder: { type: 'string', default: join(tmpdir(), 'callboard-bench-browser') },
  },
});

const chromium = execFileSync(process.env['CHROMIUM'] ?? '/usr/bin/chromium', ['--version'], {
  encoding: 'utf8',
});
const processors = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
console.log(`Node ${process.versions.node}, ${chromium.trim()}, ${processors}`);

const only = values.only.split(',');
for (const size of values.sizes.split(',').map(Number)) {
  await using portal = await startBrowsed({ entities: size, folder: join(values.folder, String(size)) });
  await using chrome = await launchChrome();
  const lines: Line[] = [];
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (only.includes(name)) lines.push(...(await measure(chrome, portal, Number(values.rounds))));
  }
  console.log(`\n### In the browser, ${size} entities\n\n${toTable(lines)}`);
}
