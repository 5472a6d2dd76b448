/** From a row of the list to the page of its entity, by mouse and by keyboard. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Chrome } from '../../e2e/browser.fixture.ts';
import { addProbe, firstPaintedAt, paintedAfter, untilPainted } from '../../e2e/probe.fixture.ts';
import { timeLine, type Line } from './figures.ts';
import { expectedList, showsList } from './list.ts';
import type { BrowsedPortal } from './portal.ts';

const SAMPLES = 10;
const BUDGET_MS = 100;
/** Between pointing at something and pressing it, as people do. */
const POINTED_MS = 100;
/** What is loaded ahead is there, and the page has come to rest. */
const REST_MS = 300;

export async function measureNavigation(chrome: Chrome, portal: BrowsedPortal): Promise<readonly Line[]> {
  const list = await expectedList(portal);
  const shows = showsList(list);
  const byMouse: number[] = [];
  const byKeyboard: number[] = [];
  const before = (page: Page): Promise<void> => addProbe(page, shows);
  await chrome.visit({ url: portal.url, path: '/catalog', before }, async (page) => {
    await firstPaintedAt(page);
    await page.waitForLoadState('networkidle');
    for (let sample = 0; sample < 2 * SAMPLES; sample += 1) {
      // Each entity once, so that none is in the cache.
      const row = sample % list.titles.length;
      const isMouse = sample < SAMPLES;
      const condition = showsEntity({ title: list.titles[row] ?? '', name: list.names[row] ?? '' });
      const link = page.locator(`[data-index="${row}"] .col-name a`);
      await link.scrollIntoViewIfNeeded();
      if (isMouse) {
        await link.hover();
        await pause(POINTED_MS);
        byMouse.push(await paintedAfter(page, { event: 'mousedown', condition }, () => link.click()));
      } else {
        await link.focus();
        byKeyboard.push(
          await paintedAfter(page, { event: 'keydown', condition }, () => page.keyboard.press('Enter')),
        );
      }
      await page.goBack();
      await untilPainted(
        page,
        `document.querySelector('table.entities[aria-busy=false] .col-name a') !== null`,
      );
      await page.mouse.move(0, 0);
      await pause(REST_MS);
    }
  });
  return [
    timeLine('row → entity, pointed at and clicked', byMouse, BUDGET_MS),
    timeLine('row → entity, Enter', byKeyboard, BUDGET_MS),
  ];
}

/** The outline that is shown before the entity is read has its name, not its title. */
function showsEntity({ title, name }: { readonly title: string; readonly name: string }): string {
  return `(location.pathname === ${JSON.stringify(`/catalog/default/component/${name}`)}
    && document.querySelector('main [aria-busy=true] h1') === null
    && document.querySelector('main h1')?.textContent.includes(${JSON.stringify(title)}) === true)`;
}
