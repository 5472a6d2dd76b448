/**
 * Keeps compiled modules in a folder, so that a restart compiles nothing. Everything in it can be made again; where it cannot
 * be written, modules are kept in memory.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, type Log } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import type { InputFile } from './inputs.ts';

/** How an extension was compiled. */
export interface BuildRecord {
  /** Of the module. */
  readonly hash: string;
  /** Bytes of the module. */
  readonly size: number;
  readonly needs: readonly string[];
  readonly names: readonly string[];
  readonly inputs: readonly InputFile[];
  readonly surroundings: string;
}

export interface ModuleStore {
  /** `key`: of the extension and of how it is compiled. */
  record(key: string): Promise<BuildRecord | null>;
  /** Whether the module and its map are there, whole. */
  has(record: BuildRecord): Promise<boolean>;
  put(key: string, build: StoredBuild): Promise<void>;
  /** Null when it is not there. */
  code(hash: string): Promise<string | null>;
  map(hash: string): Promise<string | null>;
  /** Removes what is not of these keys and modules. */
  prune(keep: ReadonlySet<string>): Promise<void>;
}

interface StoredBuild {
  readonly record: BuildRecord;
  readonly code: string;
  readonly map: string;
}

/** What this store writes, and so what it may remove. */
const OWN = /^([0-9a-f]{32})\.(?:js|map|json)$/;
const OWN_UNFINISHED = /^[0-9a-f]{32}\.(?:js|map|json)\.\d+\.part$/;

export function createModuleStore(folder: string, log: Log): ModuleStore {
  const memory = new Map<string, string>();
  let writable = true;
  const read = async (name: string): Promise<string | null> =>
    memory.get(name) ?? (await readFile(join(folder, name), 'utf8').catch(() => null));
  const write = async (name: string, content: string): Promise<void> => {
    if (writable) {
      try {
        await mkdir(folder, { recursive: true });
        const part = join(folder, `${name}.${process.pid}.part`);
        await writeFile(part, content);
        await rename(part, join(folder, name));
        return;
      } catch (error) {
        writable = false;
        log.warn('compiled extensions cannot be stored, so each start compiles them again', {
          error: messageOf(error),
        });
      }
    }
    memory.set(name, content);
  };
  return {
    record: async (key) => toRecord(parseJson((await read(`${key}.json`)) ?? '')),
    has: async ({ hash, size }) => {
      const sizes = [`${hash}.js`, `${hash}.map`].map(async (name) => {
        const kept = memory.get(name);
        return kept === undefined
          ? stat(join(folder, name)).then(
              (found) => found.size,
              () => -1,
            )
          : Buffer.byteLength(kept);
      });
      const [code = -1, map = -1] = await Promise.all(sizes);
      return code === size && map > 0;
    },
    put: async (key, { record, code, map }) => {
      await write(`${record.hash}.js`, code);
      await write(`${record.hash}.map`, map);
      await write(`${key}.json`, JSON.stringify(record));
    },
    code: (hash) => read(`${hash}.js`),
    map: (hash) => read(`${hash}.map`),
    prune: async (keep) => {
      for (const name of await readdir(folder).catch(() => [])) {
        const id = OWN.exec(name)?.[1];
        const isStale = id === undefined ? OWN_UNFINISHED.test(name) : !keep.has(id);
        if (isStale) await rm(join(folder, name), { force: true });
      }
    },
  };
}

/** Null for what another version wrote, or half a file. */
function toRecord(value: unknown): BuildRecord | null {
  if (!isObject(value)) return null;
  const { hash, size, needs, names, inputs, surroundings } = value;
  const isWhole =
    typeof hash === 'string' &&
    typeof size === 'number' &&
    typeof surroundings === 'string' &&
    isTexts(needs) &&
    isTexts(names) &&
    Array.isArray(inputs) &&
    inputs.every(isInput);
  return isWhole ? { hash, size, needs, names, inputs, surroundings } : null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isInput(value: unknown): value is InputFile {
  return isObject(value) && typeof value['path'] === 'string' && typeof value['hash'] === 'string';
}
