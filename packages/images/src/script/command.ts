/** A command as it is run: an argument vector, never a line for a shell. */

export interface Command {
  /** What it is for, in a few words, for people. */
  readonly purpose: string;
  /** The program by its absolute path or its name in `/usr/sbin:/usr/bin:/sbin:/bin`, and its arguments. */
  readonly argv: readonly string[];
  /** Added to the few variables that every command gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes that are good. Default of compiled commands: only 0. */
  readonly accepts: readonly number[];
  /** Milliseconds. */
  readonly timeout: number;
  /** Written to its standard input; null for an empty one. */
  readonly input: string | null;
}

/** A plan, compiled. */
export interface PatchScript {
  /** Tell what could be had without changing anything that stays: run in a throwaway session. */
  readonly probe: readonly Command[];
  /** Change the image. */
  readonly apply: readonly Command[];
  /** Take away what only the building needed, so that it is in no layer. */
  readonly clean: readonly Command[];
}

export interface CommandOutput {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** The last 4 MiB, UTF-8. */
  readonly stdout: string;
  /** The last 1 MiB, UTF-8. */
  readonly stderr: string;
  /** Milliseconds. */
  readonly took: number;
}
