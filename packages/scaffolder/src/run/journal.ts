/**
 * What a run tells the outside: lines of its log, masked, and calls of its hooks. A hook that throws ends the run, whatever
 * an action makes of it: the first such error is kept, and nothing is told any more.
 */
import type { Mask } from './mask.ts';
import type { RunHooks, RunLogLine } from './run.ts';

export interface Journal {
  /** Writes one line, after those that were noted. @throws HookBroke */
  log(line: RunLogLine): Promise<void>;
  /** Writes one line in its turn, from code that cannot wait. */
  note(line: RunLogLine): void;
  /** Waits until all noted lines are written. @throws HookBroke */
  flush(): Promise<void>;
  /** Calls a hook. @throws HookBroke */
  call(hook: () => Promise<void> | undefined): Promise<void>;
}

/** Wraps what a hook threw, so that it is not taken for the mistake of a step. */
export class HookBroke extends Error {
  override readonly name = 'HookBroke';
}

/** Characters of one line. */
const MAX_LINE = 60_000;

export function createJournal(hooks: RunHooks, mask: Mask): Journal {
  let broken: HookBroke | null = null;
  // Null while no line is on its way: hooks that need no time cost none.
  let tail: Promise<void> | null = null;

  function setBroken(thrown: unknown): void {
    broken ??= new HookBroke('A hook of the run failed', { cause: thrown });
  }

  function send(line: RunLogLine): void | Promise<void> {
    if (broken !== null) return undefined;
    try {
      return hooks.log(line);
    } catch (thrown) {
      setBroken(thrown);
      return undefined;
    }
  }

  function write(line: RunLogLine): void {
    const masked = mask.text(line.message);
    const message = masked.length > MAX_LINE ? `${masked.slice(0, MAX_LINE)}… (cut)` : masked;
    const sent = tail === null ? send({ ...line, message }) : tail.then(() => send({ ...line, message }));
    if (sent !== undefined) tail = sent.catch(setBroken);
  }

  async function flush(): Promise<void> {
    for (let waiting = tail; waiting !== null; waiting = tail) {
      await waiting;
      if (tail === waiting) tail = null;
    }
    if (broken !== null) throw broken;
  }

  return {
    note: write,
    flush,
    async log(line) {
      write(line);
      await flush();
    },
    async call(hook) {
      await flush();
      try {
        await hook();
      } catch (thrown) {
        setBroken(thrown);
      }
      if (broken !== null) throw broken;
    },
  };
}

/** A message with fields behind it, as one line. */
export function withFields(message: string, fields: object | undefined): string {
  const entries = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return message;
  return `${message} ${safeJson(Object.fromEntries(entries))}`;
}

function safeJson(value: object): string {
  try {
    return JSON.stringify(value, (_key, member: unknown) =>
      member instanceof Error ? member.message : jsonLeaf(member),
    );
  } catch {
    return '(fields that are no JSON)';
  }
}

function jsonLeaf(member: unknown): unknown {
  return typeof member === 'bigint' ? String(member) : member;
}
