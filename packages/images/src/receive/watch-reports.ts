/**
 * Takes in report files that are dropped into a folder, each content once, also over restarts. A file is taken when it
 * was moved there whole or has not grown from one look to the next. Files are only read: they stay where they are, and
 * a bad one stays for whoever put it there.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@callboard/kernel';
import { MAX_REPORT_BYTES } from './read-json.ts';
import { oneLine } from './one-line.ts';
import { parseReport, type Report } from './report.ts';

/** What was made of files before. */
export interface ReportLog {
  /** Null when nothing with this content was noted. */
  find(hash: string): Promise<NotedReport | null>;
  /** The first note on a content stays. */
  note(entry: NotedReport): Promise<void>;
}

export interface NotedReport {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  /** Of the file it was first seen in. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `bad`: it was not recognised. */
  readonly outcome: 'taken' | 'bad';
}

export interface WatchOptions {
  /** Its files that end in `.json` are looked at; those that begin with a dot, links and folders are not. */
  readonly folder: string;
  readonly log: ReportLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Keeps what is in a report. It is noted after that, so after a crash in between the same comes again; when it
   * rejects, the file is tried again later.
   */
  readonly onReport: (
    report: Report,
    file: { readonly name: string; readonly hash: string },
  ) => Promise<void>;
  /** Tells people of a file that cannot be taken, or of a folder that cannot be read; once for each content. */
  readonly onProblem: (problem: ReportProblem) => void;
  /** Milliseconds between two looks. Default: 1,000. */
  readonly every?: number;
}

export interface ReportProblem {
  /** Null when it is about the folder. */
  readonly name: string | null;
  readonly message: string;
  /** Null when the file was not parsed. */
  readonly report: Report | null;
}

export interface ReportWatch extends AsyncDisposable {
  /** Looks now; what was there at the look before, and is the same, is taken. Gives how many reports were taken. */
  scan(): Promise<number>;
}

/** Files of one look; more are taken at the next. */
const MAX_FILES = 1_000;

/** Looks until it is disposed; disposing waits for the look at hand. */
export function watchReports(options: WatchOptions): ReportWatch {
  const state: State = { seen: new Map(), settled: new Map(), folderProblem: null };
  let queue: Promise<unknown> = Promise.resolve();
  const scan = (): Promise<number> => {
    const next = queue.then(() => look(options, state));
    queue = next.catch(() => {});
    return next;
  };
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isOpen = true;
  const again = (): void => {
    if (!isOpen) return;
    timer = setTimeout(() => {
      scan().then(again, (error: unknown) => {
        options.onProblem({ name: null, message: oneLine(messageOf(error), 500), report: null });
        again();
      });
    }, options.every ?? 1_000);
    timer.unref();
  };
  again();
  return {
    scan,
    [Symbol.asyncDispose]: async () => {
      isOpen = false;
      if (timer !== null) clearTimeout(timer);
      await queue;
    },
  };
}

interface State {
  /** Signatures at the last look, by name. */
  readonly seen: Map<string, string>;
  /** Signatures of files that need no more looking at, by name. */
  readonly settled: Map<string, string>;
  folderProblem: string | null;
}

async function look(options: WatchOptions, state: State): Promise<number> {
  const names = await namesIn(options, state);
  for (const known of [state.seen, state.settled]) {
    for (const name of known.keys()) if (!names.has(name)) known.delete(name);
  }
  let taken = 0;
  for (const name of names) {
    if (taken >= MAX_FILES) break;
    const outcome = await lookAt(name, options, state);
    if (outcome === 'taken') taken += 1;
  }
  return taken;
}

async function namesIn({ folder, onProblem }: WatchOptions, state: State): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    state.folderProblem = null;
    const files = entries.filter((entry) => entry.isFile() && /^[^.].*\.json$/i.test(entry.name));
    return new Set(files.map(({ name }) => name).toSorted());
  } catch (error) {
    const message = `The folder cannot be read: ${oneLine(messageOf(error), 400)}`;
    if (message !== state.folderProblem) onProblem({ name: null, message, report: null });
    state.folderProblem = message;
    return new Set();
  }
}

/** What became of a file at this look: `waiting` when it may still grow or could not be kept, else it is settled. */
async function lookAt(
  name: string,
  options: WatchOptions,
  state: State,
): Promise<'taken' | 'waiting' | 'settled'> {
  const { onProblem } = options;
  try {
    // A link that somebody put in its place meanwhile leads nowhere.
    await using file = await open(join(options.folder, name), constants.O_RDONLY | constants.O_NOFOLLOW);
    const { signature, size } = await signatureOf(file);
    if (state.settled.get(name) === signature) return 'settled';
    const before = state.seen.get(name);
    state.seen.set(name, signature);
    if (before !== signature) return 'waiting';
    if (size > MAX_REPORT_BYTES) {
      onProblem({
        name,
        message: `The file has ${size} bytes; ${MAX_REPORT_BYTES} is the limit.`,
        report: null,
      });
      state.settled.set(name, signature);
      return 'settled';
    }
    const bytes = await file.readFile();
    if ((await signatureOf(file)).signature !== signature) return 'waiting';
    const outcome = await take(bytes, { name, options });
    state.settled.set(name, signature);
    return outcome;
  } catch (error) {
    if (isGone(error)) return 'waiting';
    onProblem({ name, message: oneLine(messageOf(error), 500), report: null });
    return 'waiting';
  }
}

async function take(
  bytes: Buffer,
  { name, options }: { name: string; options: WatchOptions },
): Promise<'taken' | 'settled'> {
  const { log, now, onReport, onProblem } = options;
  const hash = createHash('sha256').update(bytes).digest('hex');
  if ((await log.find(hash)) !== null) return 'settled';
  const at = now();
  const report = parseReport(bytes, { receivedAt: at, name });
  if (report.scanner === null) {
    const message = report.diagnostics[0]?.summary ?? 'It is no report.';
    onProblem({ name, message, report });
    await log.note({ hash, name, at, outcome: 'bad' });
    return 'settled';
  }
  await onReport(report, { name, hash });
  await log.note({ hash, name, at, outcome: 'taken' });
  return 'taken';
}

async function signatureOf(file: FileHandle): Promise<{ readonly signature: string; readonly size: number }> {
  const { ino, size, mtimeNs } = await file.stat({ bigint: true });
  return { signature: `${ino}/${size}/${mtimeNs}`, size: Number(size) };
}

/** Taken away, or replaced by a link, since the folder was read. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP');
}
