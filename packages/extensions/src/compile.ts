/**
 * Compiles one extension into one module. The compiler, esbuild, is loaded when there is something to compile, and its
 * process ends after a while without work.
 */
import type * as Esbuild from 'esbuild';
import type { BuildFailure, BuildResult, OutputFile } from 'esbuild';
import { messageOf } from '@callboard/kernel';
import { createConfinement, UNCONFINED, type Confinement } from './confine.ts';
import type { Entry } from './entries.ts';
import { explain, wholeFileError } from './explain.ts';
import type { CompileError } from './extension.ts';
import { componentNames, fieldNames } from './field-names.ts';
import { sourcePlugin, type ReadFile } from './source-plugin.ts';
import { withStyles } from './styles.ts';

export interface Compiled {
  readonly code: string;
  /** Source map, version 3; sources are relative to the root of the entry. */
  readonly map: string;
  /** Names of the page's modules that it imports, sorted. */
  readonly needs: readonly string[];
}

export interface Outcome {
  /** Null when it cannot be compiled. */
  readonly module: Compiled | null;
  readonly errors: readonly CompileError[];
  /** What may be wrong in a module that can be used all the same. */
  readonly warnings: readonly CompileError[];
  readonly names: readonly string[];
  /** Every file that was read, with its bytes, in their order. */
  readonly files: readonly ReadFile[];
}

export interface Compiler extends AsyncDisposable {
  /** One at a time; never rejects because of what the files hold. */
  compile(entry: Entry): Promise<Outcome>;
}

export interface CompilerOptions {
  /** More folders with packages. Default: none. */
  readonly nodePaths?: readonly string[];
  /** Milliseconds for one extension. Default: 20,000. */
  readonly timeLimit?: number;
  /** Milliseconds without work after which the process of the compiler ends. Default: 30,000. */
  readonly quietTime?: number;
}

/** Part of what a compiled module depends on: changes whenever this room compiles differently. */
export const COMPILER_VERSION = '3';
/** Bytes of a compiled module. */
const MAX_OUTPUT = 5 * 1024 * 1024;
const IMAGES = ['.png', '.jpg', '.jpeg', '.gif', '.webp', '.avif', '.svg', '.ico', '.woff', '.woff2', '.ttf'];

export function createCompiler(options: CompilerOptions = {}): Compiler {
  const { nodePaths = [], timeLimit = 20_000, quietTime = 30_000 } = options;
  let esbuild: typeof Esbuild | null = null;
  let quiet: NodeJS.Timeout | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const stop = async (): Promise<void> => {
    if (quiet !== null) clearTimeout(quiet);
    quiet = null;
    await esbuild?.stop();
  };
  const compile = async (entry: Entry): Promise<Outcome> => {
    if (quiet !== null) clearTimeout(quiet);
    const files: ReadFile[] = [];
    const confinement = entry.isConfined ? createConfinement(entry.root, nodePaths) : UNCONFINED;
    const built = async (): Promise<Outcome> => {
      esbuild ??= await import('esbuild');
      const building = build(esbuild, { entry, confinement, nodePaths, files });
      return within(building, timeLimit);
    };
    const outcome = await built().catch(async (error: unknown): Promise<Outcome> => {
      if (isBuildFailure(error)) {
        return { ...broken(files, entry), errors: await explain(error.errors, { entry, confinement }) };
      }
      // It is stuck, or has ended; the next one gets a new process.
      await stop();
      const text = `The compiler gave up: ${whyOf(error)}`;
      return { ...broken(files, entry), errors: [wholeFileError(entry, text)] };
    });
    quiet = setTimeout(() => void stop(), quietTime);
    quiet.unref();
    return outcome;
  };
  return {
    compile: (entry) => {
      const next = last.then(() => compile(entry));
      last = next;
      return next;
    },
    [Symbol.asyncDispose]: async () => {
      await last;
      await stop();
    },
  };
}

interface Building {
  readonly entry: Entry;
  readonly confinement: Confinement;
  readonly nodePaths: readonly string[];
  readonly files: ReadFile[];
}

async function build(esbuild: typeof Esbuild, building: Building): Promise<Outcome> {
  const { entry, confinement, nodePaths, files } = building;
  const needs = new Set<string>();
  const result = await esbuild.build({
    entryPoints: [{ in: entry.path, out: 'module' }],
    absWorkingDir: entry.root,
    outdir: entry.root,
    nodePaths: [...nodePaths],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    // Given, so that no tsconfig.json of a folder above is read.
    tsconfigRaw: {},
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    loader: Object.fromEntries(IMAGES.map((extension) => [extension, 'dataurl'])),
    plugins: [sourcePlugin({ entry, confinement, files, needs })],
  });
  const warnings = await explain(result.warnings, { entry, confinement });
  return { ...finish(result, { entry, needs, files }), warnings };
}

function finish(
  { outputFiles = [] }: BuildResult,
  { entry, needs, files }: Pick<Building, 'entry' | 'files'> & { readonly needs: ReadonlySet<string> },
): Outcome {
  const outputOf = (end: string): string =>
    outputFiles.find((file: OutputFile) => file.path.endsWith(end))?.text ?? '';
  const code = withStyles(outputOf('module.js'), { css: outputOf('module.css'), file: entry.file });
  const map = outputOf('module.js.map');
  const size = Buffer.byteLength(code);
  if (size > MAX_OUTPUT) {
    const text = `The compiled module has ${size} bytes; ${MAX_OUTPUT} is the limit. Import less, or smaller packages.`;
    return { ...broken(files, entry), errors: [wholeFileError(entry, text)] };
  }
  const module = { code, map, needs: [...needs].toSorted() };
  return { module, errors: [], warnings: [], names: namesIn(files, entry), files };
}

function broken(files: readonly ReadFile[], entry: Entry): Outcome {
  return { module: null, errors: [], warnings: [], names: namesIn(files, entry), files };
}

function namesIn(files: readonly ReadFile[], entry: Entry): readonly string[] {
  const own = files.filter(({ isCode, path }) => isCode && !path.includes('node_modules'));
  const declared = new Set(own.flatMap((file) => fieldNames(textOf(file))));
  if (declared.size > 0) return [...declared];
  const first = own.find(({ path }) => path === entry.path);
  return first === undefined ? [] : componentNames(textOf(first));
}

function textOf({ bytes }: ReadFile): string {
  return Buffer.from(bytes).toString();
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it took longer than ${milliseconds} ms.`)), milliseconds);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The process of the compiler ends by itself when its stack is full. */
function whyOf(error: unknown): string {
  const message = messageOf(error).split('\n')[0] ?? '';
  return message.startsWith('The service')
    ? 'its process ended, as it does when something in a file is nested too deeply.'
    : message;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
