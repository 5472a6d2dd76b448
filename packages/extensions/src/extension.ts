/** What is known of an extension: a file whose code runs in the browser. */

/** Something that keeps an extension from being compiled. */
export interface CompileError {
  /** As in `Extension.file`, or a file that it imports. */
  readonly file: string;
  /** 1-based; null when no line is to blame. */
  readonly line: number | null;
  /** 1-based, in UTF-16 units. */
  readonly column: number | null;
  readonly text: string;
  /** The line, cut when it is long; null when there is none, or when it is of a file that may not be shown. */
  readonly lineText: string | null;
}

export interface Extension {
  /** Relative to the folder of extensions; for a file of a plugin: package name and path within it. */
  readonly file: string;
  /** Of the compiled module, 32 hexadecimal digits; null while it cannot be compiled. */
  readonly hash: string | null;
  /** Where the browser imports it from; null while it cannot be compiled. */
  readonly url: string | null;
  /** Modules that the page has to have in its place before the import. */
  readonly needs: readonly string[];
  /** Fields that it registers, as far as the source tells, also while it is broken. */
  readonly names: readonly string[];
  /** Empty for what was compiled. */
  readonly errors: readonly CompileError[];
}

/** A place in a compiled module or in a source; line and column are 1-based. */
export interface ModulePosition {
  readonly hash: string;
  readonly line: number;
  readonly column: number;
}

export interface SourcePosition {
  readonly file: string;
  /** Null when the place is code that the compiler added. */
  readonly line: number | null;
  readonly column: number | null;
}
