/** From a key to what it finds: the text of the list, and the palette. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Chrome } from '../../e2e/browser.fixture.ts';
import { addProbe, firstPaintedAt, paintedAfter } from '../../e2e/probe.fixture.ts';
import { timeLine, type Line } from './figures.ts';
import { expectedList, showsList } from './list.ts';
import type { BrowsedPortal } from './portal.ts';

const BUDGET_MS = 50;
/** Typed, and taken back letter by letter; each key gives another list. None is typed twice, so none is in the cache. */
const QUICKLY = { numbers: ['1234', '567', '345'], restMs: 120 };
/** So slowly that the page takes each pause for the end of the text, and asks for its counts as well. */
const SLOWLY = { numbers: ['2345', '678', '456'], restMs: 250 };
/** Found by the palette, letter by letter. */
const NAMES = ['svc-12', 'team-3'];
const REST_MS = 250;

export async function measureTyping(chrome: Chrome, portal: BrowsedPortal): Promise<readonly Line[]> {
  const shows = showsList(await expectedList(portal));
  const before = (page: Page): Promise<void> => addProbe(page, shows);
  const typed = { quickly: empty(), slowly: empty(), back: empty() };
  const opening: number[] = [];
  const palette: number[] = [];
  await chrome.visit({ url: portal.url, path: '/catalog', before }, async (page) => {
    await firstPaintedAt(page);
    await page.waitForLoadState('networkidle');
    await page.locator('.catalog-search input').focus();
    for (const { how, into } of [
      { how: QUICKLY, into: typed.quickly },
      { how: SLOWLY, into: typed.slowly },
    ]) {
      for (const number of how.numbers) {
        const times = await typeAndTakeBack(page, portal, { number, restMs: how.restMs });
        into.push(...times.slice(0, number.length));
        typed.back.push(...times.slice(number.length));
      }
    }
    for (const name of NAMES) {
      opening.push(
        await paintedAfter(page, { event: 'keydown', condition: OPEN }, () =>
          page.keyboard.press('Control+k'),
        ),
      );
      palette.push(...(await typeIntoPalette(page, name)));
      await page.keyboard.press('Escape');
      await pause(REST_MS);
    }
  });
  return [
    timeLine(`key → filtered list, ${QUICKLY.restMs} ms to the next key`, typed.quickly, BUDGET_MS),
    timeLine(`– ${SLOWLY.restMs} ms to the next key`, typed.slowly, BUDGET_MS),
    timeLine('– taken back', typed.back, BUDGET_MS),
    timeLine('Ctrl-K → palette', opening, BUDGET_MS),
    timeLine('key → what the palette found', palette, BUDGET_MS),
  ];
}

function empty(): number[] {
  return [];
}

async function typeAndTakeBack(
  page: Page,
  portal: BrowsedPortal,
  { number, restMs }: { readonly number: string; readonly restMs: number },
): Promise<readonly number[]> {
  const texts = Array.from(number, (_, index) => number.slice(0, index + 1));
  const back = [...texts.slice(0, -1).toReversed(), ''];
  const times: number[] = [];
  for (const text of [...texts, ...back]) {
    const list = await expectedList(portal, text);
    const condition = `document.querySelector('.catalog-search input').value === '${text}' && ${showsList(list)}`;
    const key = times.length < texts.length ? text.slice(-1) : 'Backspace';
    times.push(await paintedAfter(page, { event: 'keydown', condition }, () => page.keyboard.press(key)));
    await pause(restMs);
  }
  return times;
}

const OPEN = `document.activeElement?.closest('dialog.cb-palette[open]') != null`;

async function typeIntoPalette(page: Page, name: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (const key of name) {
    const text = name.slice(0, times.length + 1);
    // Its status is empty until the server has answered for this text.
    const condition = `(() => {
      const palette = document.querySelector('dialog.cb-palette');
      if (palette.querySelector('input').value !== '${text}') return false;
      if (palette.querySelector('[role=status]').textContent === '') return false;
      const first = palette.querySelector('[role=option] .cb-palette-title')?.textContent ?? '';
      return first.replaceAll(' ', '-').toLowerCase().includes('${text}');
    })()`;
    times.push(await paintedAfter(page, { event: 'keydown', condition }, () => page.keyboard.press(key)));
    await pause(REST_MS);
  }
  return times;
}
