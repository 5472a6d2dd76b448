/** What a command works with, and how it reads its arguments. */
import { dirname, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Environment } from '@callboard/kernel';
import { createOutput, type Output, type Stream } from './output.ts';

export interface CommandContext {
  /** Where the portal's own files are: its configuration, and what that is relative to. */
  readonly cwd: string;
  /** Where the person stands: what paths in arguments are relative to. */
  readonly here: string;
  readonly env: Environment;
  /** What was asked for. */
  readonly out: Output;
  /** Everything else for people: progress, problems, counts. */
  readonly err: Output;
}

/** What a command file exports. */
export interface Command {
  /** The arguments, after `callboard <name> `. */
  readonly usage: string;
  /** What it does, its options and an example; shown by `--help`. */
  readonly help: string;
  /**
   * Resolves to the exit code: 0, or 1 when something is wrong with what it looked at.
   * @throws UsageError, or any error that keeps the command from doing its work
   */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** The command was called wrongly: exit code 2. The message is one sentence without a full stop. */
export class UsageError extends Error {}

export function createContext(options: {
  readonly cwd: string;
  readonly env: Environment;
  readonly stdout: Stream;
  readonly stderr: Stream;
}): CommandContext {
  const { cwd, env, stdout, stderr } = options;
  return { cwd, here: standsAt(options), env, out: createOutput(stdout), err: createOutput(stderr) };
}

/**
 * npm runs scripts in the folder of their package and says in INIT_CWD where it was called. Whatever a script
 * starts elsewhere inherits that variable too, and there it means nothing.
 */
function standsAt({ cwd, env }: { readonly cwd: string; readonly env: Environment }): string {
  const { INIT_CWD, npm_package_json: packageFile = '' } = env;
  return INIT_CWD !== undefined && INIT_CWD !== '' && dirname(packageFile) === cwd ? INIT_CWD : cwd;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** What every command takes. */
const COMMON_OPTIONS = { json: { type: 'boolean' } } as const satisfies Options;

/** What every command takes that works with a configuration. */
export const CONFIG_OPTION = { config: { type: 'string', multiple: true } } as const satisfies Options;

/**
 * The arguments of a command; `takes` is how many there may be beside the options.
 * @throws UsageError
 */
export function readArgs<Known extends Options>(
  args: readonly string[],
  { options, takes }: { readonly options: Known; readonly takes: 'none' | 'any' },
) {
  const parsed = parse(args, { ...COMMON_OPTIONS, ...options });
  const [first] = parsed.positionals;
  if (takes === 'none' && first !== undefined) throw new UsageError(`It takes no argument '${first}'`);
  return parsed;
}

function parse<Known extends Options>(args: readonly string[], options: Known) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's advice behind the first sentence is about arguments that begin with a dash.
    const [sentence = ''] = error instanceof Error ? error.message.split(/\.\s|\n/) : [];
    throw new UsageError(sentence, { cause: error });
  }
}

/** What the configuration is loaded from. Paths were typed by the person who stands at `here`. */
export function configSource(
  { cwd, here, env }: CommandContext,
  config: readonly string[] = [],
): { readonly configFiles: readonly string[]; readonly cwd: string; readonly env: Environment } {
  const configFiles = config.map((file) => (file.includes('://') ? file : resolve(here, file)));
  return { configFiles, cwd, env };
}
