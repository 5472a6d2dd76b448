/** The first view of the catalog with an empty cache, and again with what the browser kept. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Chrome } from '../../e2e/browser.fixture.ts';
import { addProbe, firstPaintedAt } from '../../e2e/probe.fixture.ts';
import { bytesOf, listenToWire, type Wire } from '../../e2e/wire.fixture.ts';
import { byteLine, plainLine, timeLine, type Line } from './figures.ts';
import { expectedList, showsList } from './list.ts';
import type { BrowsedPortal } from './portal.ts';

const COLD_MS = 1_000;
const COLD_BYTES = 250_000;
const RELOAD_MS = 400;
/** After this, all that is loaded ahead is there. */
const AHEAD_MS = 3_000;

interface View {
  readonly ms: number;
  /** Finished before the list was painted. */
  readonly bytes: number;
  readonly requests: number;
  readonly allBytes: number;
  readonly allRequests: number;
}

export async function measureFirstView(
  chrome: Chrome,
  portal: BrowsedPortal,
  rounds: number,
): Promise<readonly Line[]> {
  const shows = showsList(await expectedList(portal));
  const cold: View[] = [];
  const warm: View[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const wires: Wire[] = [];
    const before = async (page: Page): Promise<void> => {
      wires.push(await listenToWire(page));
      await addProbe(page, shows);
    };
    const views: View[] = [];
    await chrome.visit({ url: portal.url, path: '/catalog', before }, async (page) => {
      views.push(await readView(page, wires));
      await page.reload();
      views.push(await readView(page, wires));
    });
    // The first one is of a browser that has just started, and of a server that compresses for the first time.
    if (round === 0) continue;
    cold.push(...views.slice(0, 1));
    warm.push(...views.slice(1));
  }
  const requests = (views: readonly View[]): string =>
    `${views[0]?.requests ?? 0} (${views[0]?.allRequests ?? 0} with what is loaded ahead)`;
  return [
    timeLine(
      'first catalog view, empty cache',
      cold.map(({ ms }) => ms),
      COLD_MS,
    ),
    byteLine(
      '– on the wire until the list is painted',
      cold.map(({ bytes }) => bytes),
      COLD_BYTES,
    ),
    byteLine(
      '– with what is loaded ahead',
      cold.map(({ allBytes }) => allBytes),
      null,
    ),
    plainLine('– requests', requests(cold)),
    timeLine(
      'reload',
      warm.map(({ ms }) => ms),
      RELOAD_MS,
    ),
    byteLine(
      '– on the wire',
      warm.map(({ allBytes }) => allBytes),
      null,
    ),
    plainLine('– requests', requests(warm)),
  ];
}

async function readView(page: Page, wires: readonly Wire[]): Promise<View> {
  const ms = await firstPaintedAt(page);
  await pause(AHEAD_MS);
  const all = wires.flatMap((wire) => wire.fetched());
  const list = all.filter(({ finishedAt }) => finishedAt !== null && finishedAt <= ms);
  return {
    ms,
    bytes: bytesOf(list),
    requests: list.length,
    allBytes: bytesOf(all),
    allRequests: all.length,
  };
}
