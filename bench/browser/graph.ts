/** The graph page with as many nodes as it takes: until it is drawn, and while it is moved. */
import { setTimeout as pause } from 'node:timers/promises';
import { isObject } from '@callboard/model';
import type { Page } from 'playwright-core';
import type { Chrome } from '../../e2e/browser.fixture.ts';
import { addProbe, firstPaintedAt, frameTimes, longTasks } from '../../e2e/probe.fixture.ts';
import { figuresOf, milliseconds, plainLine, timeLine, type Line } from './figures.ts';
import type { BrowsedPortal } from './portal.ts';
import { frameLine } from './scroll.ts';

const ROOT = 'group:default/team-0';
const MOST_NODES = 2_000;
const MOST_DEPTH = 10;
const PAN_MS = 2_000;

export async function measureGraph(
  chrome: Chrome,
  portal: BrowsedPortal,
  rounds: number,
): Promise<readonly Line[]> {
  const { depth, nodes } = await neighbourhood(portal);
  const drawn = `(document.querySelector('.graph-svg[aria-label]') !== null
    && document.querySelector('.graph-svg .graph-block, .graph-svg .graph-card-title') !== null
    && document.querySelector('.graph-view')?.getAttribute('aria-busy') === 'false')`;
  const before = (page: Page): Promise<void> => addProbe(page, drawn);
  const path = `/catalog-graph?ref=${ROOT}&depth=${depth}`;
  const times: number[] = [];
  const tasks: number[] = [];
  let frames: readonly number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await chrome.visit({ url: portal.url, path, before }, async (page) => {
      times.push(await firstPaintedAt(page));
      const label = (await page.locator('.graph-svg').getAttribute('aria-label')) ?? '';
      if (!label.replaceAll(',', '').includes(String(nodes)))
        throw new Error(`${nodes} nodes are not drawn: ${label}`);
      await page.waitForLoadState('networkidle');
      tasks.push(Math.max(0, ...(await longTasks(page))));
      frames = await pan(page);
    });
  }
  return [
    timeLine(`graph of ${nodes} nodes (depth ${depth}) → drawn`, times, null),
    plainLine('– longest task', milliseconds(figuresOf(tasks).worst)),
    frameLine(`– moving it for ${PAN_MS / 1_000} s`, frames),
  ];
}

/** The smallest depth at which the page has all the nodes that it takes, or the most there are. */
async function neighbourhood(
  portal: BrowsedPortal,
): Promise<{ readonly depth: number; readonly nodes: number }> {
  let best = { depth: 1, nodes: 0 };
  for (let depth = 1; depth <= MOST_DEPTH && best.nodes < MOST_NODES; depth += 1) {
    const answer = await portal.ask(
      `/api/catalog/graph?ref=${ROOT}&depth=${depth}&direction=both&limit=${MOST_NODES}`,
    );
    const nodes = isObject(answer) && Array.isArray(answer['nodes']) ? answer['nodes'].length : 0;
    if (nodes > best.nodes) best = { depth, nodes };
  }
  return best;
}

/** Drags the drawing to and fro while frames are counted. */
async function pan(page: Page): Promise<readonly number[]> {
  const box = await page.locator('.graph-surface').boundingBox();
  if (box === null) throw new Error('the graph has no surface');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const counting = frameTimes(page, PAN_MS, '');
  const until = performance.now() + PAN_MS;
  for (let step = 0; performance.now() < until; step += 1) {
    await page.mouse.move(x + 200 * Math.sin(step / 10), y + 120 * Math.cos(step / 10));
    await pause(8);
  }
  await page.mouse.up();
  return counting;
}
