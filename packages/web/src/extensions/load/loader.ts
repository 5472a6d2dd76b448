/**
 * Loads the extensions that the server compiled, and loads anew what changed. One that fails stops no other: where its
 * fields would be stands what is wrong with it.
 */
import type { FormExtensions } from '../../pages/create/form/field-extension.ts';
import { messages } from '../messages.ts';
import type { Collected } from './collect.ts';
import type { Locate } from './locate.ts';
import type { ListedExtension } from './parse-list.ts';
import { problemOf, wordsOf, type ExtensionProblem } from './problem.ts';

export interface LoadedExtension {
  readonly file: string;
  readonly fields: readonly string[];
  readonly layouts: readonly string[];
  readonly decorators: readonly string[];
}

export interface ExtensionsState {
  /** Until the list is here and everything on it is loaded or failed. */
  readonly isLoading: boolean;
  readonly extensions: readonly LoadedExtension[];
  readonly problems: readonly ExtensionProblem[];
}

/** Draws a field: the component around it, or the panel instead of it. */
export interface FieldMaker {
  readonly wrap: (field: FormExtensions['fields'][number], file: string) => FormExtensions['fields'][number];
  readonly broken: (name: string, problems: readonly ExtensionProblem[]) => FormExtensions['fields'][number];
}

export interface LoaderDeps {
  readonly list: () => Promise<readonly ListedExtension[]>;
  readonly loadHost: (needs: readonly string[]) => Promise<void>;
  readonly importModule: (url: string) => Promise<object>;
  readonly collect: (module: object) => Promise<Collected>;
  readonly locate: Locate;
  readonly fields: FieldMaker;
  /** Hands what there is now to the forms. */
  readonly publish: (parts: FormExtensions) => void;
  /** Milliseconds that one extension may take. Default: 20,000. */
  readonly limit?: number;
}

export interface ExtensionLoader {
  readonly get: () => ExtensionsState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Reads the list again. Resolves when all of it is there; never rejects. */
  readonly reload: () => Promise<void>;
}

interface Loaded {
  readonly file: string;
  /** Of the module that was loaded; null when there is none, or it failed and may be tried again. */
  readonly hash: string | null;
  readonly parts: FormExtensions;
  readonly problems: readonly ExtensionProblem[];
}

const LIMIT_MS = 20_000;
const NONE: FormExtensions = { fields: [], layouts: [], decorators: [] };

export function createExtensionLoader(deps: LoaderDeps): ExtensionLoader {
  const listeners = new Set<() => void>();
  let state: ExtensionsState = { isLoading: true, extensions: [], problems: [] };
  let loaded: readonly Loaded[] = [];
  let running: Promise<void> | null = null;
  let isWantedAgain = false;

  function enter(next: ExtensionsState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  async function run(): Promise<void> {
    do {
      isWantedAgain = false;
      // One reading after the other, so that an older list never wins.
      await read();
    } while (isWantedAgain);
  }

  async function read(): Promise<void> {
    try {
      const listed = await deps.list();
      const before = new Map(loaded.map((one) => [one.file, one]));
      loaded = await Promise.all(listed.map((one) => load(one, before.get(one.file))));
      const { parts, problems } = withoutTwins(loaded);
      deps.publish(parts);
      enter({ isLoading: false, extensions: loaded.map(toLoadedExtension), problems });
    } catch (thrown) {
      // What was loaded before stays.
      enter({ ...state, isLoading: false, problems: [problemOf('', wordsOf(thrown))] });
    }
  }

  async function load(listed: ListedExtension, before: Loaded | undefined): Promise<Loaded> {
    const { file, compiled, names, errors, needs } = listed;
    if (compiled === null) return broken({ file, hash: null, names, problems: errors });
    if (before !== undefined && before.hash === compiled.hash) return before;
    try {
      const found = await within(deps.limit ?? LIMIT_MS, async () => {
        await deps.loadHost(needs);
        return deps.collect(await deps.importModule(compiled.url));
      });
      const problems = found.problems.map((text) => problemOf(file, text));
      const fields = found.fields.map((field) => deps.fields.wrap(field, file));
      const missing = names.filter(
        (name) => problems.length > 0 && fields.every((field) => field.name !== name),
      );
      const { layouts, decorators } = found;
      const isEmpty = fields.length + layouts.length + decorators.length + problems.length === 0;
      return {
        file,
        hash: compiled.hash,
        parts: {
          fields: [...fields, ...missing.map((name) => deps.fields.broken(name, problems))],
          layouts,
          decorators,
        },
        problems: isEmpty ? [problemOf(file, messages.nothing)] : problems,
      };
    } catch (thrown) {
      const problem = await deps.locate({ file, thrown });
      return broken({ file, hash: null, names, problems: [problem] });
    }
  }

  function broken(of: Omit<Loaded, 'parts'> & { readonly names: readonly string[] }): Loaded {
    const { names, ...rest } = of;
    return {
      ...rest,
      parts: { ...NONE, fields: names.map((name) => deps.fields.broken(name, of.problems)) },
    };
  }

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reload() {
      if (running !== null) {
        isWantedAgain = true;
        return running;
      }
      running = run().finally(() => {
        running = null;
      });
      return running;
    },
  };
}

/** Of fields with one name the first counts; the others are said to be refused. */
function withoutTwins(loaded: readonly Loaded[]): {
  readonly parts: FormExtensions;
  readonly problems: readonly ExtensionProblem[];
} {
  const problems: ExtensionProblem[] = [];
  const owners = new Map<string, string>();
  const fields = loaded.flatMap(({ file, parts }) =>
    parts.fields.filter(({ name }) => {
      const owner = owners.get(name);
      owners.set(name, owner ?? file);
      if (owner === undefined) return true;
      problems.push(problemOf(file, messages.nameTaken(name, owner)));
      return false;
    }),
  );
  return {
    parts: {
      fields,
      layouts: loaded.flatMap(({ parts }) => parts.layouts),
      decorators: loaded.flatMap(({ parts }) => parts.decorators),
    },
    problems: [...loaded.flatMap((one) => one.problems), ...problems],
  };
}

function toLoadedExtension({ file, parts }: Loaded): LoadedExtension {
  return {
    file,
    fields: parts.fields.map(({ name }) => name),
    layouts: parts.layouts.map(({ name }) => name),
    decorators: parts.decorators.map(({ id }) => id),
  };
}

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(messages.tooLong(ms / 1_000))), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
