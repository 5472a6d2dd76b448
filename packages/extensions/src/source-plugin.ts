/** Tells the compiler where the parts of an extension come from: its own files, packages, and the page. */
import { extname } from 'node:path';
import type { ImportKind, Loader, OnLoadResult, Plugin } from 'esbuild';
import { readSource, type Confinement } from './confine.ts';
import type { Entry } from './entries.ts';
import { builtinRefused } from './explain.ts';
import { FROM_PAGE, fromPage, HOST_IMPORT, hostModule } from './host-modules.ts';
import { nameOf } from './source-name.ts';

/** A file that the compiler was given. */
export interface ReadFile {
  /** Absolute. */
  readonly path: string;
  /** Changes whenever the file does. */
  readonly stamp: string;
  readonly bytes: Uint8Array;
  readonly isCode: boolean;
}

export interface SourcePluginOptions {
  readonly entry: Entry;
  readonly confinement: Confinement;
  /** Is filled with what is read. */
  readonly files: ReadFile[];
  /** Is filled with the modules of the page that are imported. */
  readonly needs: Set<string>;
}

const LOADERS: Readonly<Record<string, Loader>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.json': 'json',
  '.css': 'css',
};
const CODE: ReadonlySet<string> = new Set(['js', 'jsx', 'ts', 'tsx']);
/** Data that becomes a part of the module. */
const MAX_DATA = 256 * 1024;
/** Files of one extension, its packages included. */
const MAX_FILES = 5_000;
const MAX_BYTES = 32 * 1024 * 1024;
const REMOTE = /^(?:[a-z][a-z\d+.-]*:)?\/\//i;
const STYLE_KINDS: ReadonlySet<ImportKind> = new Set<ImportKind>([
  'import-rule',
  'url-token',
  'composes-from',
]);

export function sourcePlugin({ entry, confinement, files, needs }: SourcePluginOptions): Plugin {
  let bytesRead = 0;
  const load = async (path: string): Promise<OnLoadResult> => {
    const read = await readSource(path, confinement);
    if (read.kind === 'refused') return { errors: [{ text: `"${nameOf(path, entry)}" ${read.why}` }] };
    const { bytes, stamp } = read;
    bytesRead += bytes.length;
    if (files.length >= MAX_FILES || bytesRead > MAX_BYTES) {
      const text = `The extension imports more than ${MAX_FILES} files or ${MAX_BYTES} bytes. Import less.`;
      return { errors: [{ text }] };
    }
    const loader = loaderOf(path);
    files.push({ path, stamp, bytes, isCode: CODE.has(loader) });
    if (loader !== 'default' || bytes.length <= MAX_DATA) return { contents: bytes, loader };
    const text = `"${nameOf(path, entry)}" has ${bytes.length} bytes; ${MAX_DATA} is the limit for what becomes a part of the module.`;
    return { errors: [{ text }] };
  };
  return {
    name: 'sources',
    setup: (build) => {
      build.onResolve({ filter: REMOTE }, ({ path, kind }) => {
        if (STYLE_KINDS.has(kind) || path.startsWith('data:')) return null;
        const text = `"${path}" is elsewhere, and code is only loaded from the portal. Copy it into the folder of extensions.`;
        return { errors: [{ text }] };
      });
      build.onResolve({ filter: /^node:/ }, ({ path }) => ({ errors: [{ text: builtinRefused(path) }] }));
      build.onResolve({ filter: HOST_IMPORT }, ({ path }) => {
        const found = hostModule(path);
        if (found === null) return null;
        if (found.needs !== null) needs.add(found.needs);
        return { path, namespace: 'page', sideEffects: false };
      });
      build.onLoad({ filter: /^/, namespace: 'page' }, ({ path }) => ({
        contents: hostModule(path)?.code ?? '',
        loader: 'js',
        resolveDir: entry.root,
      }));
      build.onResolve({ filter: new RegExp(`^${FROM_PAGE}`), namespace: 'page' }, ({ path }) => ({
        path: path.slice(FROM_PAGE.length),
        namespace: 'from-page',
      }));
      build.onLoad({ filter: /^/, namespace: 'from-page' }, ({ path }) => ({
        contents: fromPage(path),
        loader: 'js',
      }));
      build.onLoad({ filter: /^/, namespace: 'file' }, ({ path }) => load(path));
    },
  };
}

/** `default`: as the options of the compiler say for the name. */
function loaderOf(path: string): Loader {
  // Names of classes in these belong to the file.
  if (path.endsWith('.module.css')) return 'local-css';
  return LOADERS[extname(path)] ?? 'default';
}
