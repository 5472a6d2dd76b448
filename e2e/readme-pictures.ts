/**
 * Takes the pictures of the README from a real portal with the example company, into `docs/images`:
 * `node e2e/readme-pictures.ts`. To be run by hand when the pages have changed.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject } from '@callboard/model';
import type { Page } from 'playwright-core';
import { DESK, launchChrome } from './browser.fixture.ts';
import { startPortal, type Portal } from './portal.fixture.ts';
import { until } from './until.fixture.ts';

export const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** The most bytes that a picture in the README may have. */
export const MOST_BYTES = 250_000;
export const SIZE = DESK;

interface Picture {
  readonly path: string;
  /** Brings the portal into the state that is shown. */
  readonly prepare?: (portal: Portal) => Promise<void>;
  /** Resolves when everything is there. */
  readonly complete: (page: Page) => Promise<void>;
}

const FILE = 'catalog/systems/track-and-trace/catalog-info.yaml';
const ENTITY = '/catalog/default/component/tracking-service';
const ENTITY_API = '/api/catalog/entities/by-name/component/default/tracking-service';

export const PICTURES: Readonly<Record<string, Picture>> = {
  'catalog.png': {
    path: '/catalog',
    complete: (page) => page.getByRole('table').waitFor(),
  },
  'graph.png': {
    path: `${ENTITY}/relations`,
    complete: async (page) => {
      await page.getByRole('application').waitFor();
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    },
  },
  'source.png': {
    path: `${ENTITY}/source`,
    prepare: loseOwner,
    complete: (page) => page.getByRole('heading', { name: 'Problems' }).waitFor(),
  },
};

/** Takes the owner away from the entity of the pictures, and waits until the portal has noticed. */
async function loseOwner({ company, ask }: Portal): Promise<void> {
  const text = await company.read(FILE);
  const without = text.replace(/(name: tracking-service\n[^]*?)\n {2}owner: [^\n]+/, '$1');
  if (without === text) throw new Error(`${FILE} names no owner to take away`);
  await company.write(FILE, without);
  await until('the portal has read the file', async () => {
    const explained = await ask(`${ENTITY_API}/diagnostics`);
    return isObject(explained) && explained['state'] === 'failing';
  });
}

/** Linux has no font of its own for pages; of those that are installed, the pictures take what most people see. */
async function chooseFonts(folder: string): Promise<string> {
  const file = join(folder, 'fonts.conf');
  const preferred = (family: string, fonts: readonly string[]): string =>
    `<match target="pattern"><test name="family"><string>${family}</string></test>` +
    `<edit name="family" mode="prepend" binding="strong">${fonts.map((font) => `<string>${font}</string>`).join('')}</edit></match>`;
  const text = [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    preferred('sans-serif', ['Inter', 'Roboto', 'Liberation Sans']),
    preferred('system-ui', ['Inter', 'Roboto', 'Liberation Sans']),
    '</fontconfig>',
  ];
  await writeFile(file, text.join('\n'));
  return file;
}

async function takePictures(): Promise<void> {
  const folder = join(tmpdir(), 'harbourline');
  await rm(folder, { recursive: true, force: true });
  await using portal = await startPortal({ folder });
  await using chrome = await launchChrome({ FONTCONFIG_FILE: await chooseFonts(folder) });
  await mkdir(IMAGES, { recursive: true });
  for (const [name, { path, prepare, complete }] of Object.entries(PICTURES)) {
    await prepare?.(portal);
    await chrome.visit({ url: portal.url, path, size: SIZE }, async (page) => {
      await complete(page);
      await page.waitForLoadState('networkidle');
      const picture = await page.screenshot({ animations: 'disabled' });
      if (picture.length > MOST_BYTES) throw new Error(`${name} has ${picture.length} bytes`);
      await writeFile(join(IMAGES, name), picture);
      process.stdout.write(`${name}: ${Math.round(picture.length / 1_000)} kB\n`);
    });
  }
}

if (import.meta.main) await takePictures();
