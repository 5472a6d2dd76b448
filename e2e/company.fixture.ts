/** The example company in a folder of its own, where a test may edit its files. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject } from '@callboard/model';
import { parseAllDocuments } from 'yaml';

const EXAMPLE = fileURLToPath(new URL('../examples/catalog', import.meta.url));

/** The file that leads to the whole company, relative to the folder. */
export const COMPANY = 'catalog/catalog-info.yaml';

export interface Company extends AsyncDisposable {
  readonly folder: string;
  /** The absolute path of a file in the folder. */
  readonly path: (file: string) => string;
  readonly read: (file: string) => Promise<string>;
  /** Makes the folders above the file as well. */
  readonly write: (file: string, text: string) => Promise<void>;
  /** Replaces a text that the file has once. */
  readonly edit: (file: string, before: string, after: string) => Promise<void>;
}

/** `at`: a folder that does not exist yet. Default: a new one among the system's temporary files. */
export async function copyCompany(at?: string): Promise<Company> {
  const folder = at ?? (await mkdtemp(join(tmpdir(), 'callboard-e2e-')));
  if (at !== undefined) await mkdir(at);
  await cp(EXAMPLE, join(folder, 'catalog'), { recursive: true });
  const path = (file: string): string => join(folder, file);
  const read = (file: string): Promise<string> => readFile(path(file), 'utf8');
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), text);
  };
  return {
    folder,
    path,
    read,
    write,
    async edit(file, before, after) {
      const text = await read(file);
      const parts = text.split(before);
      if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${before}`);
      await write(file, parts.join(after));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** How many entities a file leads to: its documents, and those of the files that its Locations name. */
export async function countEntities(file: string): Promise<number> {
  let total = 0;
  for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
    const entity: unknown = document.toJS();
    if (!isObject(entity)) continue;
    total += 1;
    for (const target of targetsOf(entity)) total += await countEntities(join(dirname(file), target));
  }
  return total;
}

function targetsOf(entity: Readonly<Record<string, unknown>>): readonly string[] {
  const { kind, spec } = entity;
  if (kind !== 'Location' || !isObject(spec)) return [];
  const { target, targets } = spec;
  return [target, ...(Array.isArray(targets) ? targets : [])].filter((one) => typeof one === 'string');
}
