/** What a command works with, and how it reads its arguments. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Environment } from '@callboard/kernel';

export interface CommandContext {
  readonly cwd: string;
  readonly env: Environment;
  readonly out: (text: string) => void;
  /** For people: progress, problems. */
  readonly err: (text: string) => void;
  /** True when a person watches, so that progress may be drawn. */
  readonly isTerminal: boolean;
}

/** Runs a command; resolves to its exit code. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  config: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

/** @throws TypeError for an option that the command does not have. */
export function readArgs<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  return parseArgs({ args: [...args], options: { ...COMMON_OPTIONS, ...options }, allowPositionals: true });
}
