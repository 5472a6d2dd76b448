/**
 * The extensions of a portal, as others see them. Nothing is looked for, and not even the code for it is loaded, before
 * somebody asks: a portal whose forms nobody opens pays nothing for them.
 */
import type { Log } from '@callboard/kernel';
import type { CompilerOptions } from './compile.ts';
import type { Extension, ModulePosition, SourcePosition } from './extension.ts';

export interface ExtensionsOptions extends CompilerOptions {
  /** Absolute. It may be made, filled and removed at any time. */
  readonly folder: string;
  /** Absolute paths of files that plugins name, asked once, when it first looks. Default: none. */
  readonly files?: () => Promise<readonly string[]>;
  /** Where compiled modules are kept; absolute. Everything in it can be made again. */
  readonly cacheFolder: string;
  readonly log: Log;
  /** Milliseconds without a change before changes are followed. Default: 50. */
  readonly settleTime?: number;
}

export interface Listing {
  readonly extensions: readonly Extension[];
  /** Changes whenever the list does. */
  readonly version: string;
}

export interface Extensions extends AsyncDisposable {
  /** Of the list that was told last. */
  readonly version: string;
  /** All of them, those of the folder by name, then those of plugins; waits for what is being compiled. */
  list(): Promise<Listing>;
  /** JavaScript; also of modules that were replaced since the start. Null for an unknown hash. */
  module(hash: string): Promise<string | null>;
  /** The place in the sources; null for an unknown hash. */
  locate(position: ModulePosition): Promise<SourcePosition | null>;
  /** Calls back after each change of the list, until aborted. */
  onChange(listener: (version: string) => void, signal: AbortSignal): void;
}

export function createExtensions(options: ExtensionsOptions): Extensions {
  let opening: Promise<Extensions> | null = null;
  let opened: Extensions | null = null;
  const open = (): Promise<Extensions> => (opening ??= load());
  const load = async (): Promise<Extensions> => {
    const { openExtensions } = await import('./open-extensions.ts');
    opened = openExtensions(options);
    return opened;
  };
  return {
    get version() {
      return opened?.version ?? '';
    },
    list: async () => (await open()).list(),
    module: async (hash) => (await open()).module(hash),
    locate: async (position) => (await open()).locate(position),
    onChange: (listener, signal) => {
      // Only loading it could fail, which whoever asks for the list is told.
      open().then(
        (extensions) => extensions.onChange(listener, signal),
        () => undefined,
      );
    },
    [Symbol.asyncDispose]: async () => {
      if (opening !== null) await (await opening)[Symbol.asyncDispose]();
    },
  };
}
