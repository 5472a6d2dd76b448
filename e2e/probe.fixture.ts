/** Asks in the page when something is on its screen, so that what lies between the page and the test is not measured. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const PROBE = fileURLToPath(new URL('probe.js', import.meta.url));

/**
 * To be called before the page is opened; it stays through every navigation. `awaited`: an expression of the page, for
 * `firstPaintedAt`.
 */
export async function addProbe(page: Page, awaited: string): Promise<void> {
  await page.addInitScript({ path: PROBE });
  await page.addInitScript(`probe.first = probe.when(() => ${awaited})`);
}

/** Milliseconds from the beginning of the navigation until what is awaited held for the first time and was painted. */
export async function firstPaintedAt(page: Page): Promise<number> {
  return numberOf(await page.evaluate('probe.first'));
}

/** Resolves once `condition`, an expression of the page, holds and is painted. */
export async function untilPainted(page: Page, condition: string): Promise<void> {
  await page.evaluate(`probe.when(() => ${condition})`);
}

/**
 * Milliseconds from the next event of a type, as the browser got it, until `condition` holds and is painted. `act` is
 * what brings the event about.
 */
export async function paintedAfter(
  page: Page,
  { event, condition }: { readonly event: string; readonly condition: string },
  act: () => Promise<void>,
): Promise<number> {
  // Answers nothing, so that what is to come is not waited for.
  await page.evaluate(`probe.answer = probe.since(${JSON.stringify(event)}, () => ${condition}); null`);
  await act();
  return numberOf(await page.evaluate('probe.answer'));
}

/** Calls `step`, statements of the page, once a frame for so long; milliseconds between two frames. */
export async function frameTimes(page: Page, ms: number, step: string): Promise<readonly number[]> {
  return numbersOf(await page.evaluate(`probe.frames(${ms}, (frame) => { ${step} })`));
}

/** Durations of the tasks so far that kept the page from answering for 50 ms or more. */
export async function longTasks(page: Page): Promise<readonly number[]> {
  return numbersOf(await page.evaluate('probe.longTasks'));
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`a number was expected, not ${String(value)}`);
  return value;
}

function numbersOf(value: unknown): readonly number[] {
  if (!Array.isArray(value)) throw new TypeError(`numbers were expected, not ${String(value)}`);
  return value.map(numberOf);
}
