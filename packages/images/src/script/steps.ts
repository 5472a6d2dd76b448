/**
 * The steps of a script that change an image: commands, and what has to be kept between them. State is kept by us and
 * never in the image: a `save` step's output becomes the input of a later `restore` step.
 */
import type { Command, CommandOutput } from './command.ts';
import { scriptError } from './errors.ts';

/** `apt-auto-marks`: packages that nobody asked for. `apk-world`: those that somebody asked for. One entry a line. */
export type SavedState = 'apt-auto-marks' | 'apk-world';

/**
 * `run`: as it is. `save`: keeps the standard output. `restore`: gets what was kept as standard input, with the names
 * in `renames` written as what took their place, or left out where that is null; its own `input` is null.
 * `check`: fails when a line of the standard output matches `refuses`, an expression that grep -E and we read alike.
 */
export type Step =
  | { readonly kind: 'run'; readonly command: Command }
  | { readonly kind: 'save'; readonly state: SavedState; readonly command: Command }
  | {
      readonly kind: 'restore';
      readonly state: SavedState;
      readonly renames: Readonly<Record<string, string | null>>;
      readonly command: Command;
    }
  | { readonly kind: 'check'; readonly refuses: string; readonly command: Command };

/** One line of a saved state: a name, and what may follow it (`:i386`, `=1.2-r3`, `@edge`). */
const LINES: Readonly<Record<SavedState, RegExp>> = {
  'apt-auto-marks': /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?$/,
  'apk-world': /^[!-~]+$/,
};

/**
 * Runs the steps one after the other and stops at the first that fails, with a `CodedError`
 * `images/script-command-failed`, `-check-failed` or `-bad-state`. Resolves to the outputs, one for each step.
 */
export async function runSteps(
  steps: readonly Step[],
  run: (command: Command) => Promise<CommandOutput>,
): Promise<readonly CommandOutput[]> {
  const saved = new Map<SavedState, string>();
  const outputs: CommandOutput[] = [];
  for (const step of steps) {
    const output = await runCommand(commandOf(step, saved), run);
    outputs.push(output);
    if (step.kind === 'save') saved.set(step.state, output.stdout);
    if (step.kind === 'check') check(step, output);
  }
  return outputs;
}

/** Runs commands one after the other; for the parts of a script that keep nothing. Fails as `runSteps`. */
export async function runCommands(
  commands: readonly Command[],
  run: (command: Command) => Promise<CommandOutput>,
): Promise<readonly CommandOutput[]> {
  return await runSteps(
    commands.map((command) => ({ kind: 'run', command })),
    run,
  );
}

async function runCommand(
  command: Command,
  run: (command: Command) => Promise<CommandOutput>,
): Promise<CommandOutput> {
  const output = await run(command);
  if (output.exitCode !== null && command.accepts.includes(output.exitCode)) return output;
  const how = output.exitCode === null ? 'was ended by a signal' : `ended with exit code ${output.exitCode}`;
  const said = lastLines(output.stderr) || lastLines(output.stdout);
  throw scriptError(
    'images/script-command-failed',
    `To ${command.purpose}: ${command.argv[0]} ${how}. ${said}`.trim(),
  );
}

function commandOf(step: Step, saved: ReadonlyMap<SavedState, string>): Command {
  if (step.kind !== 'restore') return step.command;
  const text = saved.get(step.state);
  if (text === undefined) {
    throw scriptError('images/script-bad-state', `${step.state} is to be put back and was not kept before.`);
  }
  return { ...step.command, input: rename(step, text) };
}

/** Byte for byte as it was kept where nothing is renamed; else empty, or lines that all end with a line feed. */
function rename(step: Extract<Step, { kind: 'restore' }>, text: string): string {
  const isRenamed = Object.keys(step.renames).length > 0;
  const lines = text.split('\n').filter((line) => line !== '');
  const renamed: string[] = [];
  for (const line of lines) {
    if (!LINES[step.state].test(line)) {
      throw scriptError(
        'images/script-bad-state',
        `${step.state} has a line that is none: ${JSON.stringify(line)}.`,
      );
    }
    const name = /^[A-Za-z0-9._+-]*/.exec(line)?.[0] ?? '';
    const other = Object.hasOwn(step.renames, name) ? step.renames[name] : line;
    if (other !== null && other !== undefined) renamed.push(`${other}\n`);
  }
  return isRenamed ? renamed.join('') : text;
}

function check(step: Extract<Step, { kind: 'check' }>, output: CommandOutput): void {
  const refused = new RegExp(step.refuses);
  const bad = output.stdout.split('\n').filter((line) => line !== '' && refused.test(line));
  if (bad.length === 0) return;
  const said = bad.slice(0, 5).join('; ');
  throw scriptError('images/script-check-failed', `To ${step.command.purpose}: ${said}`);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('; ').slice(-1000);
}
