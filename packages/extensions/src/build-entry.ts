/** Brings one extension up to date: from what was kept when it was made of the same files, else by compiling it. */
import type { Log } from '@callboard/kernel';
import { COMPILER_VERSION, type Compiler, type Outcome } from './compile.ts';
import type { Entry } from './entries.ts';
import type { CompileError, Extension } from './extension.ts';
import { areUntouched, hashOf, inputsOf, stampedIfSame, surroundingsOf, type StampedFile } from './inputs.ts';
import type { BuildRecord, ModuleStore } from './store.ts';

/** An extension, and what it was made of. */
export interface Built {
  readonly extension: Extension;
  readonly entry: Entry;
  readonly files: readonly StampedFile[];
  readonly surroundings: string;
}

export interface Builder {
  /** `before`: what was built of it last in this process. */
  build(entry: Entry, before: Built | undefined): Promise<Built>;
  /** What its record is kept under. */
  keyOf(entry: Entry): string;
}

export interface BuilderDeps {
  readonly compiler: Compiler;
  readonly store: ModuleStore;
  readonly nodePaths: readonly string[];
  readonly log: Log;
}

const URL_PREFIX = '/api/extensions/v1/modules';
const HASH_DIGITS = 32;

export function createBuilder({ compiler, store, nodePaths, log }: BuilderDeps): Builder {
  const keyOf = (entry: Entry): string => shortHash(JSON.stringify([COMPILER_VERSION, entry, nodePaths]));
  const restore = async (entry: Entry, record: BuildRecord): Promise<Built | null> => {
    if (!(await store.has(record))) return null;
    const surroundings = await surroundingsOf(record.inputs.map(({ path }) => path));
    if (surroundings !== record.surroundings) return null;
    const files = await stampedIfSame(record.inputs);
    const extension: Extension = { ...goodExtension(entry, record), names: record.names };
    return files === null ? null : { extension, entry, files, surroundings };
  };
  const compile = async (entry: Entry, good: readonly string[]): Promise<Built & { outcome: Outcome }> => {
    const outcome = await compiler.compile(entry);
    const surroundings = await surroundingsOf(outcome.files.map(({ path }) => path));
    const files = outcome.files.map(({ path, stamp }) => ({ path, stamp }));
    const { module, names, errors } = outcome;
    if (module === null) {
      const all = [...new Set([...good, ...names])];
      const extension = { file: entry.file, hash: null, url: null, needs: [], names: all, errors };
      return { extension, entry, files, surroundings, outcome };
    }
    const { code, map, needs } = module;
    const hash = shortHash(code);
    const record = { hash, size: Buffer.byteLength(code), needs, names, surroundings };
    await store.put(keyOf(entry), { code, map, record: { ...record, inputs: inputsOf(outcome.files) } });
    const extension = { ...goodExtension(entry, record), names };
    return { extension, entry, files, surroundings, outcome };
  };
  return {
    keyOf,
    build: async (entry, before) => {
      const record = await store.record(keyOf(entry));
      // What was built in this process already is asked for again because it changed.
      const kept = record === null || before !== undefined ? null : await restore(entry, record);
      if (kept !== null) return kept;
      const { outcome, ...built } = await compile(entry, before?.extension.names ?? record?.names ?? []);
      report([...outcome.errors, ...outcome.warnings], { before, built, log });
      return built;
    },
  };
}

/** Whether it was compiled, and of the files that are there now. */
export async function isCurrent({ extension, files, surroundings }: Built): Promise<boolean> {
  if (extension.hash === null || !(await areUntouched(files))) return false;
  return surroundings === (await surroundingsOf(files.map(({ path }) => path)));
}

function goodExtension(
  { file }: Entry,
  { hash, needs }: Pick<BuildRecord, 'hash' | 'needs'>,
): Omit<Extension, 'names'> {
  return { file, hash, url: `${URL_PREFIX}/${hash}.js`, needs, errors: [] };
}

function shortHash(text: string): string {
  return hashOf(text).slice(0, HASH_DIGITS);
}

interface Reporting {
  readonly before: Built | undefined;
  readonly built: Built;
  readonly log: Log;
}

/** Each problem once, not each time that something else in the folder changes. */
function report(problems: readonly CompileError[], { before, built, log }: Reporting): void {
  const { file, hash, errors } = built.extension;
  if (errors.length > 0 && JSON.stringify(errors) === JSON.stringify(before?.extension.errors)) return;
  for (const { file: at, line, column, text } of problems) {
    const place = { extension: file, file: at, line, column, problem: text };
    log.warn(hash === null ? 'an extension cannot be compiled' : 'an extension may be wrong', place);
  }
}
