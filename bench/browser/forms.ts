/** Typing into a form of the largest real size, and into pickers over the whole catalog. */
import { setTimeout as pause } from 'node:timers/promises';
import { isObject, type JsonObject } from '@callboard/model';
import type { Locator, Page } from 'playwright-core';
import type { Chrome } from '../../e2e/browser.fixture.ts';
import { addProbe, firstPaintedAt, paintedAfter } from '../../e2e/probe.fixture.ts';
import { figuresOf, milliseconds, plainLine, timeLine, type Line } from './figures.ts';
import type { BrowsedPortal } from './portal.ts';

const KEY_BUDGET_MS = 16;
const SEARCH_BUDGET_MS = 50;
const PAGES = 8;
const FIELDS = 36;
const REST_MS = 250;
const SETTLED_AFTER_MS = 1_500;
/** Longer than the page waits for the end of the typing, so that its checks are among what is measured. */
const KEY_REST_MS = 40;
/** Typed letter by letter behind `svc-`; each gives another list, none is asked for twice. */
const NUMBERS = ['1234', '2345', '3456', '456', '567'];

const text = (title: string, more: JsonObject = {}): JsonObject => ({ type: 'string', title, ...more });

const RULES: readonly JsonObject[] = [
  { 'ui:default': "$lowercase(form.f0 & '-x')" },
  { 'ui:visible': "form.f0 != 'nobody'" },
  { 'ui:required': '$length(form.f0) > 3000' },
  { 'ui:validate': "$length(value) > 3000 ? 'is too long' : ''" },
  { 'ui:disabled': "form.f0 = 'nobody'" },
  { 'ui:enum': "[form.f0 & '-a', form.f0 & '-b']" },
];

/** With rules, every other field follows the first one. */
function manyFields(how: 'plain' | 'ruled'): readonly JsonObject[] {
  const indexes = Array.from({ length: FIELDS }, (_, index) => index);
  const field = (index: number, page: number): JsonObject => {
    const rule = RULES[(Math.floor(index / PAGES) + page + RULES.length - 1) % RULES.length];
    return text(`Field ${index}`, how === 'plain' || index === 0 ? {} : rule);
  };
  return Array.from({ length: PAGES }, (_, page) => ({
    title: `Page ${page}`,
    properties: Object.fromEntries(
      indexes.filter((index) => index % PAGES === page).map((index) => [`f${index}`, field(index, page)]),
    ),
  }));
}

const FORMS: Readonly<Record<string, readonly JsonObject[]>> = {
  plain: manyFields('plain'),
  ruled: manyFields('ruled'),
  pickers: [
    {
      title: 'Pickers',
      properties: {
        entity: text('Entity', { 'ui:field': 'EntityPicker' }),
        sourced: text('Sourced', { 'ui:source': { catalog: {} } }),
      },
    },
  ],
};

/** Templates for the catalog of the portal, as YAML, and how many they are. */
export const FORM_TEMPLATES = {
  entities: Object.keys(FORMS).length,
  text: Object.entries(FORMS)
    .map(([name, parameters]) =>
      JSON.stringify({
        apiVersion: 'scaffolder.backstage.io/v1beta3',
        kind: 'Template',
        metadata: { name, title: name },
        spec: { type: 'bench', owner: 'team-0', parameters, steps: [{ id: 'a', action: 'debug:log' }] },
      }),
    )
    .join('\n---\n'),
};

export async function measureForms(
  chrome: Chrome,
  portal: BrowsedPortal,
  rounds: number,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const form of ['ruled', 'plain']) lines.push(...(await measureKeys(chrome, portal, { form, rounds })));
  lines.push(
    ...(await measurePicker(chrome, portal, ENTITY)),
    ...(await measurePicker(chrome, portal, SOURCED)),
  );
  return lines;
}

/** For each key: how long its event was handled, and how long it took until the end of the frame with what came of it. */
const WATCH_KEYS = `
  keyTimes = [];
  let pressed = 0;
  const after = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(null);
  };
  addEventListener('keydown', ({ timeStamp }) => { pressed = timeStamp; }, { capture: true });
  addEventListener('input', () => {
    const from = pressed;
    const began = performance.now();
    let handled = 0;
    after(() => { handled = performance.now() - began; });
    requestAnimationFrame(() => {
      const frame = performance.now();
      after(() => {
        const now = performance.now();
        keyTimes.push([now - from, handled, now - frame]);
      });
    });
  }, { capture: true });
  null`;

/** Keys of a round; the first round is thrown away. */
const KEYS = 'abcdefghijklmnopqrstuvwxy';

async function measureKeys(
  chrome: Chrome,
  portal: BrowsedPortal,
  { form, rounds }: { readonly form: string; readonly rounds: number },
): Promise<readonly Line[]> {
  const times: number[][] = [];
  await visitForm(chrome, portal, form, async (page) => {
    const first = page.getByRole('textbox', { name: /^Field 0/ });
    await first.click();
    await page.evaluate(WATCH_KEYS);
    for (let round = 0; round <= rounds; round += 1) {
      for (const key of KEYS) {
        await page.keyboard.press(key);
        await pause(KEY_REST_MS);
      }
    }
    const typed = KEYS.repeat(rounds + 1);
    if ((await first.inputValue()) !== typed) throw new Error('not every key was taken');
    const follower = await page.getByRole('textbox', { name: /^Field 8/ }).inputValue();
    if (follower !== (form === 'plain' ? '' : `${typed}-x`)) throw new Error(`field 8 is ${follower}`);
    times.push(...tableFrom(await page.evaluate('keyTimes')).slice(KEYS.length));
  });
  const column = (at: number): readonly number[] => times.map((row) => row[at] ?? Number.NaN);
  const what = `key → frame, ${FIELDS} fields on ${PAGES} pages, ${form}`;
  return [
    timeLine(what, column(0), KEY_BUDGET_MS),
    p95Line('– p95', column(0)),
    timeLine('– of it handling the event, rules and React', column(1), null),
    p95Line('– p95', column(1)),
    timeLine('– of it style, layout and paint', column(2), null),
  ];
}

interface PickerUse {
  readonly label: string;
  readonly field: string;
  /** A part of the address that its lists come from. */
  readonly asks: string;
  /** The title of the first choice for a text. */
  readonly firstOf: (portal: BrowsedPortal, text: string) => Promise<unknown>;
}

const ENTITY: PickerUse = {
  label: 'Entity',
  field: 'EntityPicker',
  asks: '/entities/by-query',
  firstOf: async ({ ask }, term) => {
    const answer = await ask('/api/catalog/entities/by-query', {
      fullTextFilter: { term, fields: ['metadata.name', 'metadata.title', 'spec.profile.displayName'] },
      orderBy: [{ field: 'metadata.name', order: 'asc' }],
      limit: 1,
    });
    const metadata = memberOf(firstIn(answer, 'items'), 'metadata');
    return memberOf(metadata, 'title') ?? memberOf(metadata, 'name');
  },
};

const SOURCED: PickerUse = {
  label: 'Sourced',
  field: 'ui:source',
  asks: '/forms/options',
  firstOf: async ({ ask }, search) => {
    const need = { field: '/sourced', what: 'options', form: {}, item: null, holds: [] };
    const body = { template: 'template:default/pickers', need, search };
    return memberOf(firstIn(await ask('/api/scaffolder/v2/forms/options', body), 'options'), 'label');
  },
};

async function measurePicker(
  chrome: Chrome,
  portal: BrowsedPortal,
  use: PickerUse,
): Promise<readonly Line[]> {
  const total: number[] = [];
  const server: number[] = [];
  const bytes: number[] = [];
  await visitForm(chrome, portal, 'pickers', async (page) => {
    const box: Locator = page.getByRole('combobox', { name: new RegExp(`^${use.label}`) });
    await box.click();
    for (const number of NUMBERS) {
      await box.fill('svc-');
      await page.getByRole('option').first().waitFor();
      await pause(REST_MS);
      for (const [index, key] of Array.from(number).entries()) {
        const typed = `svc-${number.slice(0, index + 1)}`;
        // The list before has others among its choices. The API is asked afterwards, so that it has no answer ready.
        const condition = `document.activeElement?.value === '${typed}' &&
          document.querySelector('[role=option]') !== null &&
          [...document.querySelectorAll('[role=option]')].every((option) =>
            option.textContent.replaceAll(' ', '-').includes('${typed}'))`;
        total.push(await paintedAfter(page, { event: 'keydown', condition }, () => page.keyboard.press(key)));
        const shown = (await page.getByRole('option').first().textContent()) ?? '';
        const first = String(await use.firstOf(portal, typed));
        if (!shown.startsWith(first)) throw new Error(`for ${typed} ${shown} is first, not ${first}`);
        const [asked, size] = tableFrom([await page.evaluate(lastAsked(use.asks))])[0] ?? [];
        server.push(asked ?? Number.NaN);
        bytes.push(size ?? Number.NaN);
        await pause(REST_MS);
      }
    }
  });
  return [
    timeLine(`key → new list, ${use.field} over the catalog`, total, SEARCH_BUDGET_MS),
    p95Line('– p95', total),
    timeLine('– of it the request, from sent to its last byte', server, null),
    plainLine('– bytes of an answer', `${Math.round(figuresOf(bytes).median / 1_000)} KB`),
  ];
}

/** Duration and size of the newest request to a part of the API. */
function lastAsked(path: string): string {
  return `(() => {
    const { requestStart, responseEnd, encodedBodySize } = performance
      .getEntriesByType('resource').filter(({ name }) => name.includes('${path}')).at(-1);
    return [responseEnd - requestStart, encodedBodySize];
  })()`;
}

async function visitForm(
  chrome: Chrome,
  { url }: BrowsedPortal,
  form: string,
  journey: (page: Page) => Promise<void>,
): Promise<void> {
  const before = (page: Page): Promise<void> =>
    addProbe(page, `document.querySelector('.form-page input') !== null`);
  await chrome.visit({ url, path: `/create/templates/default/${form}`, before }, async (page) => {
    await firstPaintedAt(page);
    // It follows changes of custom fields, so that its network is never idle.
    await pause(SETTLED_AFTER_MS);
    await page.evaluate('performance.setResourceTimingBufferSize(2000)');
    await journey(page);
  });
}

function p95Line(what: string, times: readonly number[]): Line {
  return plainLine(what, milliseconds(figuresOf(times).p95));
}

function tableFrom(value: unknown): number[][] {
  if (!Array.isArray(value)) throw new TypeError('the page gave no list of times');
  return value.map((row: unknown) => (Array.isArray(row) ? row.map(Number) : []));
}

function firstIn(answer: unknown, key: string): unknown {
  const list = memberOf(answer, key);
  return Array.isArray(list) ? list[0] : undefined;
}

function memberOf(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}
