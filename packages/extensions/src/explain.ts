/** Makes what the compiler complains about into errors with file, line, column and what to do. */
import { isBuiltin } from 'node:module';
import { resolve } from 'node:path';
import { realpath } from 'node:fs/promises';
import type { Message } from 'esbuild';
import type { Confinement } from './confine.ts';
import type { Entry } from './entries.ts';
import type { CompileError } from './extension.ts';
import { nameOf } from './source-name.ts';

/** Errors of one file; more are mostly the same mistake. */
const MAX_ERRORS = 20;
const MAX_LINE = 200;
const MAX_TEXT = 1_000;
/** Of the compiler for files; others are those of modules that were made up. */
const FILES: ReadonlySet<string> = new Set(['', 'file']);
const UNRESOLVED = /^Could not resolve "(.*)"/s;

export interface ExplainOptions {
  readonly entry: Entry;
  readonly confinement: Confinement;
}

export async function explain(
  messages: readonly Message[],
  options: ExplainOptions,
): Promise<readonly CompileError[]> {
  return Promise.all(messages.slice(0, MAX_ERRORS).map((message) => explainOne(message, options)));
}

/** An error that no line is to blame for. */
export function wholeFileError({ file }: Pick<Entry, 'file'>, text: string): CompileError {
  return { file, line: null, column: null, text, lineText: null };
}

async function explainOne(message: Message, options: ExplainOptions): Promise<CompileError> {
  const { entry } = options;
  const { location, text } = message;
  const explained = (explainText(text) ?? sentence(text)).slice(0, MAX_TEXT);
  if (location === null || !FILES.has(location.namespace)) return wholeFileError(entry, explained);
  const path = resolve(entry.root, location.file);
  const shown = await mayBeShown(path, options);
  const { line, column, lineText } = location;
  return {
    file: nameOf(path, entry),
    line,
    // The compiler counts bytes.
    column: Buffer.from(lineText).subarray(0, column).toString().length + 1,
    text: explained,
    lineText: shown && lineText !== '' ? cut(lineText) : null,
  };
}

/** The compiler looks for `package.json` itself, which may be a link to anything. */
async function mayBeShown(path: string, { confinement }: ExplainOptions): Promise<boolean> {
  const real = await realpath(path).catch(() => null);
  return real !== null && confinement.allows(real);
}

function explainText(text: string): string | null {
  const name = UNRESOLVED.exec(text)?.[1];
  if (name === undefined) return null;
  if (isBuiltin(name)) return builtinRefused(name);
  if (/^\.{0,2}\//.test(name)) return `"${name}" does not exist. Correct the path, or make the file.`;
  return (
    `The package "${name}" is not installed. Run "npm install ${packageName(name)}" in the folder of extensions or above it, ` +
    'or import one of the modules that the portal gives.'
  );
}

export function builtinRefused(name: string): string {
  return (
    `"${name}" is a part of Node.js, and an extension runs in the browser. ` +
    'Ask an API of the portal, or let an action or an options provider of a plugin do it on the server.'
  );
}

/** `@scope/name/deep` → `@scope/name`. */
function packageName(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function cut(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)}…`;
}
