/** A skeleton becomes files: names and contents are rendered, entry by entry, with Backstage's rules. */
import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { messageOf, type TreeEntry } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { isBinaryFileSync } from 'isbinaryfile';
import picomatch from 'picomatch';
import type { FileRenderer, Templating } from '../../expression/templating.ts';
import { runError } from '../../run/errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { fetchError } from './errors.ts';
import { writeEntry } from './source.ts';

/** The inputs of steps that render. */
export interface SkeletonInput {
  readonly values?: JsonObject | undefined;
  /** Globs of what is copied, while its path is rendered. */
  readonly copyWithoutTemplating?: readonly string[] | undefined;
  /** Globs of what is copied with its path as it is. The older name of two. */
  readonly copyWithoutRender?: readonly string[] | undefined;
  readonly cookiecutterCompat?: boolean | undefined;
  readonly templateFileExtension?: unknown;
  readonly replace?: boolean | undefined;
  readonly trimBlocks?: boolean | undefined;
  readonly lstripBlocks?: boolean | undefined;
}

export interface SkeletonTarget {
  readonly workspace: Workspace;
  readonly targetPath: string;
}

/** What became of the entries so far. */
export interface Skeleton {
  /** Writes what an entry becomes. @throws CodedError with the file, and line and column in it */
  write(entry: TreeEntry): Promise<void>;
  readonly written: number;
  /** There already, and not replaced. */
  readonly kept: number;
}

/** @throws CodedError `scaffolder/invalid-input` for inputs that do not go together */
export function createSkeleton(
  templating: Pick<Templating, 'createFileRenderer'>,
  input: SkeletonInput,
  { workspace, targetPath }: SkeletonTarget,
): Skeleton {
  const pathOf = pathRule(input);
  const renderer = templating.createFileRenderer(input);
  const context = contextOf(input);
  let written = 0;
  let kept = 0;
  return {
    async write(entry) {
      const rule = pathOf(entry);
      const path = rule.rendersPath
        ? renderAs(entry.path, { renderer, context, text: rule.path, what: 'name of ' })
        : rule.path;
      if (isLeftOut(path)) return;
      // Checked before anything is written: a rendered name may lead anywhere.
      const target = `${targetPath}/${checkedPath(path)}`;
      if (input.replace !== true && workspace.stat(target) !== null) {
        kept += 1;
        return;
      }
      await writeEntry(
        workspace,
        targetPath,
        rendered({ ...entry, path }, rule.rendersContent ? renderer : null),
      );
      if (entry.kind !== 'folder') written += 1;
    },
    get written() {
      return written;
    },
    get kept() {
      return kept;
    },
  };

  function rendered(entry: TreeEntry, with_: FileRenderer | null): TreeEntry {
    if (entry.kind !== 'file' || with_ === null) return entry;
    return { ...entry, content: renderContent(entry, { renderer: with_, context }) };
  }
}

/** The names that a skeleton sees its values under. */
export function contextOf({ values = {}, cookiecutterCompat }: SkeletonInput): JsonObject {
  return cookiecutterCompat === true ? { cookiecutter: values } : { values };
}

interface Render {
  readonly renderer: FileRenderer;
  readonly context: JsonObject;
}

/** The content of a file with its expressions replaced; that of a binary file as it is. */
export function renderContent(
  { path, content }: { readonly path: string; readonly content: Uint8Array },
  render: Render,
): Uint8Array {
  if (isBinary(content)) return content;
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString();
  if (!hasMarks(text)) return content;
  return Buffer.from(renderAs(path, { ...render, text, what: '' }));
}

function hasMarks(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** What is no text in UTF-8 would come out damaged. */
function isBinary(content: Uint8Array): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return !isUtf8(bytes) || isBinaryFileSync(bytes, { size: bytes.length });
}

interface RenderText extends Render {
  readonly text: string;
  readonly what: string;
}

function renderAs(path: string, { renderer, context, text, what }: RenderText): string {
  try {
    return renderer.render(text, context);
  } catch (error) {
    throw fetchError('scaffolder/skeleton-failed', `${what}${path}:${messageOf(error)}`, { cause: error });
  }
}

interface PathRule {
  readonly path: string;
  readonly rendersPath: boolean;
  readonly rendersContent: boolean;
}

/** How the path and the content of an entry are treated. */
function pathRule(input: SkeletonInput): (entry: TreeEntry) => PathRule {
  const extension = extensionOf(input);
  if (extension !== null) {
    return ({ path }) => {
      const rendersContent = posix.extname(path) === extension;
      const plain = rendersContent ? path.slice(0, -extension.length) : path;
      return { path: plain, rendersPath: true, rendersContent };
    };
  }
  const { copyWithoutRender, copyWithoutTemplating } = input;
  const isCopied = globMatcher(copyWithoutRender ?? copyWithoutTemplating ?? []);
  return ({ path }) => {
    const rendersContent = !isCopied(path);
    return { path, rendersPath: rendersContent || copyWithoutRender === undefined, rendersContent };
  };
}

function extensionOf(input: SkeletonInput): string | null {
  const { templateFileExtension, cookiecutterCompat, copyWithoutTemplating, copyWithoutRender } = input;
  if (copyWithoutRender !== undefined && copyWithoutTemplating !== undefined) {
    throw runError(
      'scaffolder/invalid-input',
      'copyWithoutRender and copyWithoutTemplating do not go together. Use the second.',
    );
  }
  if (templateFileExtension !== true && typeof templateFileExtension !== 'string') return null;
  if (templateFileExtension === '') return null;
  if (cookiecutterCompat === true || (copyWithoutRender ?? copyWithoutTemplating) !== undefined) {
    throw runError(
      'scaffolder/invalid-input',
      'templateFileExtension does not go together with copyWithoutTemplating or cookiecutterCompat.',
    );
  }
  const name = templateFileExtension === true ? '.njk' : templateFileExtension;
  return name.startsWith('.') ? name : `.${name}`;
}

/** Globs as lists of them are meant: a folder's own name stands for all in it, one with `!` takes out. */
function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  const plain = patterns.map((pattern) => pattern.replace(/^(!?)\.\//, '$1').replace(/\/$/, ''));
  const excluded = plain
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => toTest(pattern.slice(1)));
  const included = plain.filter((pattern) => !pattern.startsWith('!')).map(toTest);
  return (path) => included.some((test) => test(path)) && !excluded.some((test) => test(path));
}

function toTest(pattern: string): (path: string) => boolean {
  const matches = picomatch(pattern, { dot: true });
  return (path) => path === pattern || path.startsWith(`${pattern}/`) || matches(path);
}

/** A name that renders to nothing leaves the entry out, and all that is in it: that is how skeletons choose. */
function isLeftOut(path: string): boolean {
  return path === '' || path.startsWith('/') || path.endsWith('/') || path.includes('//');
}

function checkedPath(path: string): string {
  if (!path.split('/').includes('..')) return path;
  throw fetchError(
    'scaffolder/skeleton-failed',
    `A name in the skeleton renders to '${path}'. Names cannot lead out of their folder.`,
  );
}
