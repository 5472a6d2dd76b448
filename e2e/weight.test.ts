/** What the portal weighs on the wire: the first view of the catalog, and each part that is loaded later. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { BUILT, readBuilt, sentBytes, type Part } from './built.fixture.ts';
import { untilCount } from './catalog-page.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';
import { bytesOf, listenToWire, type Fetched, type Wire } from './wire.fixture.ts';

/** Promised, for everything that the list needs. */
const MOST_BYTES = 250_000;

/** What it is, and about a tenth more. Whoever needs more changes these lines, and the reviewer sees it. */
const LIST = { bytes: 190_000, requests: 21 };
/** With what the page loads ahead, while nobody waits. */
const ALL = { bytes: 291_000, requests: 51 };

/** Loaded ahead, once there is nothing else to do, so that they open at once. */
const AHEAD = ['Palette', 'ShellMenu', 'ExportDialog', 'EntityPage'];
/** Loaded when they are opened, and not before. */
const ON_DEMAND = [
  'CreatePage',
  'TemplateFormPage',
  'Wizard',
  'TaskListPage',
  'TaskPage',
  'ActDialog',
  'ApprovalsPage',
  'ActionsPage',
  'FieldsPage',
  'ExtensionsPage',
  'EditorPage',
  'EditorView',
  'SettingsPage',
  'GraphPage',
  'layout-worker',
  'HealthPage',
  'HomePage',
  'ImagesPage',
  'PatchPage',
  'ActionDialog',
  'RegisterPage',
  'YamlTab',
  'yamlText',
  'yaml-worker',
];

/** Libraries that are large, a part that has each, and a text that it is known by. */
const LIBRARIES = [
  ['rjsf', 'Wizard', 'experimental_defaultFormStateBehavior'],
  ['CodeMirror', 'EditorView', 'cm-content'],
] as const;

/** Bytes that each later part may have, with all that comes with it; about a tenth more than it has. */
const PART_BYTES: Readonly<Record<string, number>> = {
  // The editor of templates: CodeMirror, the form, YAML.
  EditorView: 334_300,
  FieldsPage: 199_600,
  // The form of a template: rjsf, the validation, the fields that depend on each other.
  Wizard: 149_800,
  CodeEditor: 117_800,
  'prepare-form': 80_400,
  UnregisterDialog: 63_500,
  ActDialog: 52_400,
  MenuActions: 51_800,
  ShellMenu: 47_200,
  SettingsPage: 47_100,
  ActionDialog: 44_200,
  Help: 35_400,
  TaskPage: 33_000,
  yamlText: 31_500,
  // The YAML library.
  browser: 31_100,
  EntityPage: 30_300,
  GraphPage: 28_900,
  EntityGraph: 27_800,
  jsonata: 23_800,
  EditorPage: 23_000,
  PatchPage: 22_900,
  CreatePage: 22_000,
  EntityNotFound: 21_000,
  'yaml-worker': 20_200,
  ApprovalsPage: 19_400,
  ImagesPage: 18_900,
  ExtensionsPage: 18_800,
  TaskListPage: 18_700,
  ActionsPage: 18_600,
  HomePage: 17_900,
  TemplateFormPage: 14_800,
  // The history.
  Content: 14_000,
  HealthPage: 13_000,
  SourceTab: 11_300,
  MembersTab: 9_000,
  OwnershipTab: 8_400,
  MadeCard: 7_500,
  Palette: 6_800,
  AwaitingLine: 5_400,
  YamlTab: 5_300,
  OrgChartTab: 5_300,
  DependenciesTab: 4_600,
  'layout-worker': 4_600,
  RegisterPage: 4_500,
  ExportDialog: 2_700,
  ViewsMenu: 2_000,
  BulkBar: 1_900,
  ColumnsMenu: 500,
  // What custom fields import, each loaded when one of them needs it: @backstage/ui and Material UI (both begin with an
  // accordion), zod 4 and 3, rjsf, and what stands for Backstage's packages.
  Accordion: 174_900,
  coreComponents: 88_200,
  ErrorSchemaBuilder: 84_900,
  INVALID: 80_900,
  scaffolderReactAlpha: 16_800,
  scaffolder: 16_000,
  scaffolderReact: 15_700,
  BRAND: 15_100,
  frontendPluginApi: 2_100,
  catalogReact: 1_900,
  corePluginApi: 1_300,
  catalogModel: 1_100,
  errors: 1_000,
  reactUse: 900,
  translation: 400,
  jsxDev: 300,
  Link: 200,
  rjsfCore: 200,
  catalogClient: 200,
};

/** Smaller files are sent as they are; see vite.config.ts. */
const COMPRESSED_FROM = 512;

describe('the first view of the catalog', () => {
  const stage = setStage();

  /** What is asked for with an empty cache, until the browser has nothing more to do. */
  async function readFirstView(): Promise<readonly Fetched[]> {
    const { chrome, portal } = stage;
    const total = await portal.total({ kind: 'component' });
    const wires: Wire[] = [];
    const before = async (page: Page): Promise<void> => {
      wires.push(await listenToWire(page));
    };
    await chrome.visit({ url: portal.url, path: '/catalog', before }, async (page) => {
      await untilCount(page, total, 'Component');
      const fetched = (): readonly Fetched[] => wires.flatMap((wire) => wire.fetched());
      for (const name of AHEAD) {
        await until(`${name} is loaded ahead`, async () => {
          const { file } = await partOf(name);
          return fetched().some(({ path }) => path === `/assets/${file}`);
        });
      }
      await until('nothing is on its way', () => fetched().every(({ finishedAt }) => finishedAt !== null));
    });
    return wires.flatMap((wire) => wire.fetched());
  }

  it('keeps to what was promised, and to what it was', async (t) => {
    const { parts } = await readBuilt();
    const later = new Set(parts.flatMap(({ files }) => files.map((file) => `/assets/${file}`)));
    const all = await readFirstView();
    const list = all.filter(({ path }) => !later.has(path));
    for (const { bytes, path } of list) t.diagnostic(`${String(bytes).padStart(8)} ${path}`);
    t.diagnostic(`${bytesOf(list)} bytes in ${list.length} requests for the list`);
    t.diagnostic(`${bytesOf(all)} bytes in ${all.length} requests with what is loaded ahead`);
    assert.ok(bytesOf(list) <= MOST_BYTES, `${bytesOf(list)} bytes, where ${MOST_BYTES} are promised`);
    assertGrowth('the list', list, LIST);
    assertGrowth('the list with what is loaded ahead', all, ALL);
  });

  it('needs nothing that may never be opened', async () => {
    const { first } = await readBuilt();
    for (const name of [...AHEAD, ...ON_DEMAND]) {
      const { file } = await partOf(name);
      assert.ok(!first.includes(file), name);
    }
    const asked = (await readFirstView()).map(({ path }) => path);
    for (const name of ON_DEMAND) {
      const { file } = await partOf(name);
      assert.ok(!asked.includes(`/assets/${file}`), name);
    }
    const { parts } = await readBuilt();
    for (const [library, name, mark] of LIBRARIES) {
      const files = parts.find((part) => part.name === name)?.files ?? [];
      assert.ok(
        await isIn(
          mark,
          files.map((file) => `/assets/${file}`),
        ),
        `${name} is made with ${library}`,
      );
      assert.ok(
        !(await isIn(
          mark,
          asked.filter((path) => path.endsWith('.js')),
        )),
        library,
      );
    }
  });

  it('sends its files compressed', async () => {
    const assets = (await readFirstView()).filter(({ path }) => path.startsWith('/assets/'));
    assert.ok(assets.length > 0);
    for (const { path, encoding } of assets) {
      const { length } = await readFile(`${BUILT}${path}`);
      assert.equal(encoding, length < COMPRESSED_FROM ? '' : 'br', path);
    }
  });
});

describe('the built page', () => {
  it('loads each part later, and none has grown', async (t) => {
    const { first, parts } = await readBuilt();
    const rows = parts.map(({ name, bytes, files }) => {
      const most = PART_BYTES[name];
      return { name, bytes, files: files.length, most };
    });
    for (const { name, bytes, files, most } of rows) {
      t.diagnostic(`${name.padEnd(18)} ${String(bytes).padStart(7)} of ${most ?? '?'} bytes, ${files} files`);
    }
    assert.ok(first.length > 0);
    for (const { name, bytes, most } of rows) {
      assert.ok(most !== undefined, `${name} has ${bytes} bytes: say in PART_BYTES how many it may have`);
      assert.ok(bytes <= most, `${name} has ${bytes} bytes, and may have ${most}`);
    }
    const gone = Object.keys(PART_BYTES).filter((name) => rows.every((row) => row.name !== name));
    assert.deepEqual(gone, [], 'there is no such part any more: take it out of PART_BYTES');
  });

  it('is compressed both ways, and has no source map', async () => {
    const files = (await readdir(BUILT, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`);
    assert.deepEqual(
      files.filter((file) => file.endsWith('.map')),
      [],
    );
    const texts = files.filter((file) => /\.(?:js|css|html|svg|json)$/.test(file));
    assert.ok(texts.length > 0);
    for (const file of texts) {
      const text = await readFile(file, 'utf8');
      assert.doesNotMatch(text, /[#@] sourceMappingURL=/, file);
      if (Buffer.byteLength(text) < COMPRESSED_FROM) continue;
      assert.ok(files.includes(`${file}.br`) && files.includes(`${file}.gz`), `${file} is not compressed`);
      assert.ok((await sentBytes(file)) < Buffer.byteLength(text), file);
    }
  });

  it('names no other host to load anything from', async () => {
    const page = await readFile(`${BUILT}index.html`, 'utf8');
    const named = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '');
    assert.ok(named.length > 0);
    for (const one of named) assert.match(one, /^\/(?!\/)/);
    for (const file of await readdir(`${BUILT}assets`)) {
      if (!file.endsWith('.css')) continue;
      const text = await readFile(`${BUILT}assets/${file}`, 'utf8');
      assert.doesNotMatch(text, /url\(\s*["']?(?:https?:)?\/\/|@import\s/, file);
    }
  });
});

async function isIn(mark: string, paths: readonly string[]): Promise<boolean> {
  const texts = await Promise.all(paths.map((path) => readFile(`${BUILT}${path}`, 'utf8')));
  return texts.some((text) => text.includes(mark));
}

async function partOf(name: string): Promise<Part> {
  const { parts } = await readBuilt();
  const found = parts.find((part) => part.name === name);
  if (found === undefined) throw new Error(`${name} is none of ${parts.map((part) => part.name).join(', ')}`);
  return found;
}

function assertGrowth(
  what: string,
  fetched: readonly Fetched[],
  most: { readonly bytes: number; readonly requests: number },
): void {
  const bytes = bytesOf(fetched);
  assert.ok(bytes <= most.bytes, `${what}: ${bytes} bytes, and ${most.bytes} may be`);
  assert.ok(
    fetched.length <= most.requests,
    `${what}: ${fetched.length} requests, and ${most.requests} may be`,
  );
}
