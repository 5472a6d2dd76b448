/** Compares what a run did with what a test expects, and says where they differ in words that lead to the place. */
import { didYouMean, type JsonObject } from '@callboard/model';
import type { FileTree } from '../upgrade/file-tree.ts';
import { isBinary } from '../upgrade/merge-text.ts';
import { compared, partFailures, shown, type TestFailure } from './differences.ts';
import type { StepRun } from './test-actions.ts';
import type { ExpectedFile, ExpectedStep, Expectations } from './test-file.ts';

/** What happened in a test. */
export interface TestOutcome {
  readonly status: 'completed' | 'failed' | 'not-started';
  readonly error: string | null;
  /** Mistakes in the values. */
  readonly valueErrors: readonly string[];
  /** By id, in which state each step ended. */
  readonly steps: ReadonlyMap<string, string>;
  readonly runs: readonly StepRun[];
  readonly files: FileTree;
  readonly output: JsonObject;
  readonly log: readonly string[];
}

/** Empty when all of it holds. Snapshots are compared apart, with `treeFailures`. */
export function failuresOf(expected: Expectations, outcome: TestOutcome): readonly TestFailure[] {
  const fromValues = valueFailures(expected, outcome);
  if (expected.errors !== null || outcome.status === 'not-started') return fromValues;
  return [
    ...statusFailures(expected, outcome),
    ...Object.entries(expected.steps).flatMap(([id, step]) => stepFailures({ id, step, outcome })),
    ...Object.entries(expected.files).flatMap(([path, file]) => fileFailures({ path, file, outcome })),
    ...(expected.output === null
      ? []
      : partFailures(expected.output, outcome.output, { what: 'output', at: 'output' })),
    ...logFailures(expected, outcome),
  ];
}

function valueFailures({ errors }: Expectations, { valueErrors }: TestOutcome): readonly TestFailure[] {
  const said = valueErrors.map((error) => `\n    ${error.trim()}`).join('');
  if (errors === null) {
    return valueErrors.length === 0
      ? []
      : [{ what: 'values', message: `The form does not take the values:${said}` }];
  }
  if (valueErrors.length === 0)
    return [{ what: 'errors', message: 'The form takes the values without a complaint' }];
  const missing = errors.filter((error) => !valueErrors.some((one) => one.includes(error)));
  return missing.map((error) => ({
    what: 'errors',
    message: `No complaint about the values has '${error}':${said}`,
  }));
}

function statusFailures({ status, error }: Expectations, outcome: TestOutcome): readonly TestFailure[] {
  if (status !== outcome.status) {
    const why = outcome.error === null ? '' : `: ${outcome.error}`;
    return [{ what: 'status', message: `The task is ${outcome.status}, and not ${status}${why}` }];
  }
  if (error === null || outcome.error?.includes(error) === true) return [];
  return [
    { what: 'error', message: `It failed with another message:${compared(error, outcome.error ?? '')}` },
  ];
}

function stepFailures(of: { id: string; step: ExpectedStep; outcome: TestOutcome }): readonly TestFailure[] {
  const { id, step, outcome } = of;
  const what = `steps[${JSON.stringify(id)}]`;
  const status = outcome.steps.get(id);
  if (status === undefined) {
    const hint = didYouMean(id, outcome.steps.keys());
    return [
      {
        what,
        message: `There is no such step. ${hint ?? `Steps are ${[...outcome.steps.keys()].join(', ')}.`}`,
      },
    ];
  }
  const failures: TestFailure[] = [];
  if (step.status !== null && status !== step.status) {
    failures.push({ what, message: `The step is ${status}, and not ${step.status}` });
  }
  const runs = outcome.runs.filter(({ stepId }) => stepId === id);
  if (step.runs !== null && runs.length !== step.runs) {
    failures.push({ what: `${what}.runs`, message: `It ran ${runs.length} times, and not ${step.runs}` });
  }
  const last = runs.at(-1);
  if (step.input !== null && last === undefined) {
    failures.push({ what: `${what}.input`, message: 'The step did not run, so it had no input' });
  } else if (step.input !== null && last !== undefined) {
    failures.push(...partFailures(step.input, last.input, { what: `${what}.input`, at: 'input' }));
  }
  return failures;
}

function fileFailures(of: {
  path: string;
  file: ExpectedFile;
  outcome: TestOutcome;
}): readonly TestFailure[] {
  const { path, file, outcome } = of;
  const what = `files[${JSON.stringify(path)}]`;
  const found = outcome.files.get(path);
  if (found === undefined) {
    if (file.absent) return [];
    const hint = didYouMean(path, outcome.files.keys());
    const all = [...outcome.files.keys()].slice(0, 20).join(', ');
    return [
      {
        what,
        message: `There is no such file. ${hint ?? (all === '' ? 'There is none at all.' : `Files are ${all}.`)}`,
      },
    ];
  }
  if (file.absent) return [{ what, message: 'The file is there' }];
  const text = found.content.toString('utf8');
  const failures: TestFailure[] = [];
  if (file.equals !== null && file.equals !== text) {
    failures.push({ what, message: `The file is another:${compared(file.equals, text)}` });
  }
  for (const part of file.contains) {
    if (!text.includes(part))
      failures.push({ what, message: `The file does not have '${part}':${shown(text)}` });
  }
  for (const pattern of file.matches) {
    if (new RegExp(pattern, 'm').test(text)) continue;
    failures.push({ what, message: `The file does not match /${pattern}/:${shown(text)}` });
  }
  return failures;
}

function logFailures({ log }: Expectations, outcome: TestOutcome): readonly TestFailure[] {
  const text = outcome.log.join('\n');
  return log
    .filter((part) => !text.includes(part))
    .map((part) => ({ what: 'log', message: `The log does not have '${part}':${shown(text)}` }));
}

/** Compares a snapshot with what is there, file by file. */
export function treeFailures(expected: FileTree, actual: FileTree): readonly TestFailure[] {
  const paths = [...new Set([...expected.keys(), ...actual.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
  return paths.flatMap((path): readonly TestFailure[] => {
    const what = `snapshot[${JSON.stringify(path)}]`;
    const [before, after] = [expected.get(path), actual.get(path)];
    if (before === undefined) return [{ what, message: 'The file is new' }];
    if (after === undefined) return [{ what, message: 'The file is not there any more' }];
    if (before.mode !== after.mode)
      return [{ what, message: `Its mode is ${after.mode}, and not ${before.mode}` }];
    if (before.content.equals(after.content)) return [];
    if (isBinary(before.content) || isBinary(after.content))
      return [{ what, message: 'The file is another' }];
    const [was, is] = [before.content.toString('utf8'), after.content.toString('utf8')];
    return [{ what, message: `The file is another:${compared(was, is)}` }];
  });
}
