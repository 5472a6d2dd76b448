/** Scrolling through the whole list: how regularly frames come, how soon rows are there, and what the page holds. */
import type { Page } from 'playwright-core';
import type { Chrome } from '../../e2e/browser.fixture.ts';
import { addProbe, firstPaintedAt, frameTimes } from '../../e2e/probe.fixture.ts';
import { figuresOf, milliseconds, plainLine, timeLine, type Line } from './figures.ts';
import { expectedList, showsList } from './list.ts';
import type { BrowsedPortal } from './portal.ts';

const SCROLL_MS = 3_000;
const JUMPS = 15;
/** A frame that takes longer is seen. */
const LONG_FRAME_MS = 50;
const SCROLLER = `document.querySelector('.entities-scroll')`;

export async function measureScrolling(chrome: Chrome, portal: BrowsedPortal): Promise<readonly Line[]> {
  const list = await expectedList(portal);
  const before = (page: Page): Promise<void> => addProbe(page, showsList(list));
  const lines: Line[] = [];
  await chrome.visit({ url: portal.url, path: '/catalog', before }, async (page) => {
    await firstPaintedAt(page);
    await page.waitForLoadState('networkidle');
    const step = `const list = ${SCROLLER}; list.scrollTop += 1.5 * list.clientHeight;`;
    const frames = await frameTimes(page, SCROLL_MS, step);
    lines.push(frameLine(`scrolling by 1.5 screens a frame for ${SCROLL_MS / 1_000} s`, frames));
    const jumps: number[] = [];
    for (let jump = 0; jump < JUMPS; jump += 1) jumps.push(await jumpTo(page, ((jump * 37) % JUMPS) / JUMPS));
    lines.push(timeLine('jump to anywhere → its rows', jumps, null));
    lines.push(plainLine('heap and DOM nodes after that', await holds(page)));
  });
  return lines;
}

/** A line of frames; `what`: what went on meanwhile. */
export function frameLine(what: string, frames: readonly number[]): Line {
  const { median, p95, worst } = figuresOf(frames);
  const long = frames.filter((ms) => ms > LONG_FRAME_MS).length;
  return {
    what: `${what}: frames, p50 / p95`,
    median: `${milliseconds(median)} / ${milliseconds(p95)}`,
    worst: `${milliseconds(worst)}; ${long} of ${frames.length} over ${LONG_FRAME_MS} ms`,
    budget: null,
    isKept: true,
  };
}

/** Milliseconds until every row on the screen is read and painted. `share`: how far down the list. */
async function jumpTo(page: Page, share: number): Promise<number> {
  const ms: unknown = await page.evaluate(`(async () => {
    const list = ${SCROLLER};
    const began = performance.now();
    list.scrollTop = ${share} * list.scrollHeight;
    const isThere = () => {
      const { top, bottom } = list.getBoundingClientRect();
      const rows = [...list.querySelectorAll('.entity-row')].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.bottom > top && box.top < bottom;
      });
      const height = rows.reduce((sum, row) => sum + row.offsetHeight, 0);
      return height >= 0.8 * list.clientHeight && rows.every((row) => row.querySelector('.row-outline') === null);
    };
    return (await probe.when(isThere)) - began;
  })()`);
  if (typeof ms !== 'number') throw new TypeError('the jump gave no time');
  return ms;
}

async function holds(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return `${(value('JSHeapUsedSize') / 1e6).toFixed(1)} MB, ${value('Nodes')} nodes`;
}
