/** The log of a patch, line by line: kept in the database, and told to those who watch in this process. */
import { messageOf, type Database, type DatabaseSession, type Log } from '@callboard/kernel';
import type { PatchLine } from '../images.ts';
import type { PatchTables } from './migrations.ts';

export interface PatchLogs {
  /** Lines are numbered as they are kept, so that a person's word and what a run says do not fall on each other. */
  write(patch: string): Promise<PatchLogWriter>;
  read(
    patch: string,
    from: { readonly after: number; readonly limit: number },
  ): Promise<readonly PatchLine[]>;
  /** Tells those who watch that something of the patch is new. */
  notify(patch: string): void;
  watch(patch: string, listener: () => void): () => void;
}

export interface PatchLogWriter extends AsyncDisposable {
  line(text: string): void;
  /** Resolves when every line up to now is kept. */
  flush(): Promise<void>;
}

/** Lines of one patch; later ones are dropped, and the last says so. */
const MOST_LINES = 20_000;
const LONGEST_LINE = 2_000;
const PAUSE = 250;
const COLUMNS = ['patch', 'number', 'at', 'text'];

export function createPatchLogs(database: Database, deps: { now: () => number; log: Log }): PatchLogs {
  const tables = database.query.withTables<PatchTables>();
  const watchers = new Map<string, Set<() => void>>();
  const notify = (patch: string): void => {
    for (const listener of watchers.get(patch) ?? []) listener();
  };
  return {
    notify,
    watch: (patch, listener) => {
      const all = watchers.get(patch) ?? new Set();
      watchers.set(patch, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size === 0 && watchers.get(patch) === all) watchers.delete(patch);
      };
    },
    read: async (patch, { after, limit }) =>
      tables
        .selectFrom('images_patch_lines')
        .select(['number', 'at', 'text'])
        .where('patch', '=', patch)
        .where('number', '>', after)
        .orderBy('number')
        .limit(limit)
        .execute(),
    write: async (patch) => {
      const last = await lastNumber(database, patch);
      return startWriter({ database, ...deps, notify }, { patch, last });
    },
  };
}

async function lastNumber({ query }: Pick<DatabaseSession, 'query'>, patch: string): Promise<number> {
  const last = await query
    .withTables<PatchTables>()
    .selectFrom('images_patch_lines')
    .select((select) => select.fn.max('number').as('number'))
    .where('patch', '=', patch)
    .executeTakeFirst();
  return last?.number ?? 0;
}

interface WriterDeps {
  readonly database: Database;
  readonly now: () => number;
  readonly log: Log;
  readonly notify: (patch: string) => void;
}

function startWriter(
  deps: WriterDeps,
  from: { readonly patch: string; readonly last: number },
): PatchLogWriter {
  const { database, now, log, notify } = deps;
  const { patch } = from;
  /** About how many there are; another writer may have added some. */
  let count = from.last;
  let pending: (readonly [number, string])[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writing: Promise<void> = Promise.resolve();

  const keep = (lines: readonly (readonly [number, string])[]): Promise<void> =>
    database.transaction(async (session) => {
      // A statement that writes, and nothing: whoever writes lines of this patch at the same time waits for its turn.
      await session.query
        .withTables<PatchTables>()
        .updateTable('images_patches')
        .set((is) => ({ version: is.ref('version') }))
        .where('id', '=', patch)
        .execute();
      const last = await lastNumber(session, patch);
      const rows = lines.map(([at, text], index) => [patch, last + index + 1, at, text]);
      await session.writeRows({ table: 'images_patch_lines', columns: COLUMNS, rows });
    });
  const keepAfter = async (
    before: Promise<void>,
    lines: readonly (readonly [number, string])[],
  ): Promise<void> => {
    await before;
    try {
      await keep(lines);
      notify(patch);
    } catch (error) {
      log.warn('lines of a patch could not be kept', { patch, error: messageOf(error) });
    }
  };
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const lines = pending;
    pending = [];
    if (lines.length === 0) return writing;
    writing = keepAfter(writing, lines);
    return writing;
  };
  return {
    line: (text) => {
      if (count >= MOST_LINES) return;
      count += 1;
      const said = count === MOST_LINES ? 'The log is full: what follows is not kept.' : text;
      pending.push([now(), said.slice(0, LONGEST_LINE)]);
      timer ??= setTimeout(() => void flush(), PAUSE);
    },
    flush,
    [Symbol.asyncDispose]: flush,
  };
}
