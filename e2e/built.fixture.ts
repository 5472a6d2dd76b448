/** The built page: what the first view is made of, and each part that is loaded later with all that it brings. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const BUILT = fileURLToPath(new URL('../packages/web/dist/', import.meta.url));
const ASSETS = `${BUILT}assets/`;

export interface Part {
  /** What the part exports, as `GraphPage`; the name of its file when it exports nothing that has a name, as a worker. */
  readonly name: string;
  /** In `assets/`: the code that is its own. */
  readonly file: string;
  /** In `assets/`: its code and styles with all that they import, without what the first view has loaded. */
  readonly files: readonly string[];
  /** As they are sent: compressed, without headers. */
  readonly bytes: number;
}

export interface Built {
  /** In `assets/`: what index.html asks for. */
  readonly first: readonly string[];
  readonly parts: readonly Part[];
}

/** Rejects when the page is not built. */
export async function readBuilt(): Promise<Built> {
  const page = await readFile(`${BUILT}index.html`, 'utf8');
  const first = [...page.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map((match) => match[1] ?? '');
  const scripts = (await readdir(ASSETS)).filter((file) => file.endsWith('.js'));
  const texts = new Map<string, string>();
  for (const file of scripts) texts.set(file, await readFile(`${ASSETS}${file}`, 'utf8'));

  const brings = new Map<string, readonly string[]>();
  const reached = new Set(first);
  for (const text of texts.values()) {
    for (const [file, files] of laterIn(text)) {
      brings.set(file, files);
      for (const one of files) reached.add(one);
    }
  }
  // What nothing imports is started as a worker.
  for (const file of scripts) if (!reached.has(file)) brings.set(file, [file]);

  const parts: Part[] = [];
  for (const [file, all] of brings) {
    const files = all.filter((one) => !first.includes(one));
    // The first view is made of it.
    if (files.length === 0) continue;
    let bytes = 0;
    for (const one of files) bytes += await sentBytes(`${ASSETS}${one}`);
    parts.push({ name: exportIn(texts.get(file) ?? '') ?? stem(file), file, files, bytes });
  }
  return { first, parts: parts.toSorted((a, b) => b.bytes - a.bytes) };
}

/** What a file has on the wire: its smallest variant. */
export async function sentBytes(path: string): Promise<number> {
  const sizes = await Promise.all([path, `${path}.br`].map((file) => stat(file).catch(() => null)));
  return Math.min(...sizes.flatMap((found) => (found === null ? [] : [found.size])));
}

/** The files that a script imports when they are wanted, each with all that comes with it. */
function laterIn(text: string): readonly (readonly [string, readonly string[]])[] {
  const table = /m\.f=\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  const names = [...table.matchAll(/"assets\/([^"]+)"/g)].map((match) => match[1] ?? '');
  const lists = [...text.matchAll(/__vite__mapDeps\(\[([\d,]+)\]\)/g)].map((match) =>
    (match[1] ?? '').split(',').map((index) => names[Number(index)] ?? ''),
  );
  return [...text.matchAll(/import\([`"']\.\/([^`"']+)[`"']\)/g)].map((match) => {
    const file = match[1] ?? '';
    // A list begins with the file that it belongs to; without one the file comes alone.
    return [file, lists.find((list) => list[0] === file) ?? [file]];
  });
}

/** The first name in the last `export{…}` that somebody chose: minified ones are short. */
function exportIn(text: string): string | null {
  const list = [...text.matchAll(/export\{([^}]*)\}/g)].at(-1)?.[1] ?? '';
  const names = list.split(',').map((item) => item.split(' as ').at(-1)?.trim() ?? '');
  return names.find((name) => /^[A-Za-z]{4,}$/.test(name)) ?? null;
}

/** `page-CvNyoHaR.js` is `page`. */
function stem(file: string): string {
  return file.replace(/-[\w-]{8}\.\w+$/, '');
}
