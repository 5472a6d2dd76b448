/** What is known to be wrong with the pages: looked for when somebody wants to go on, and from then on as they type. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ValueProblem } from '../../../api/scaffolder.ts';
import { checkPage, type Problem } from './check-page.ts';
import type { FormExtensions } from './field-extension.ts';
import { partOf, valuesFor, type WizardPage } from './pages.ts';
import type { ValuesStore } from './values-store.ts';

/** What is typed within this time is checked together. */
const PAUSE_MS = 150;

export interface Problems {
  readonly of: (page: number) => readonly Problem[];
  /** Pages on which something is wrong. */
  readonly troubled: ReadonlySet<number>;
  /** What the server says of values that no page asks for. */
  readonly elsewhere: readonly ValueProblem[];
  readonly isChecking: boolean;
  /** Looks at a page; answers what is wrong there. */
  readonly check: (page: number) => Promise<readonly Problem[]>;
  /** Takes over what the server says; answers the first page it is about, null for none. */
  readonly take: (problems: readonly ValueProblem[]) => number | null;
}

interface ServerProblem extends ValueProblem {
  readonly page: number;
  /** It is about this value, as JSON; another one may be good. */
  readonly about: string;
}

export function useProblems(
  pages: readonly WizardPage[],
  store: ValuesStore,
  extensions: FormExtensions,
): Problems {
  const [found, setFound] = useState<ReadonlyMap<number, readonly Problem[]>>(new Map());
  const [server, setServer] = useState<readonly ServerProblem[]>([]);
  const [elsewhere, setElsewhere] = useState<readonly ValueProblem[]>([]);
  const [isChecking, setIsChecking] = useState(false);
  const round = useRef(0);
  const fields = useMemo(() => new Map(extensions.fields.map((field) => [field.name, field])), [extensions]);

  const look = useCallback(
    async (index: number): Promise<readonly Problem[]> => {
      const page = pages[index];
      if (page === undefined) return [];
      const values = store.get();
      const problems = await checkPage({ page, shown: valuesFor(page, pages, values), values, fields });
      // What was typed meanwhile is looked at by the next one.
      if (store.get() === values) setFound((before) => new Map(before).set(index, problems));
      return problems;
    },
    [pages, store, fields],
  );

  const known = [...found.keys()].join();
  useEffect(() => {
    if (known === '') return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const again = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {
        setServer((before) => before.filter((problem) => aboutOf(store, problem.path) === problem.about));
        for (const index of known.split(',')) void look(Number(index));
      }, PAUSE_MS);
    };
    const stop = store.subscribe(again);
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [known, look, store]);

  const of = (page: number): readonly Problem[] => [
    ...(found.get(page) ?? []),
    ...server.filter((problem) => problem.page === page && !isKnown(found.get(page) ?? [], problem)),
  ];
  return {
    of,
    troubled: new Set(pages.keys().filter((index) => of(index).length > 0)),
    elsewhere,
    isChecking,
    async check(page) {
      round.current += 1;
      const own = round.current;
      setIsChecking(true);
      try {
        return await look(page);
      } finally {
        if (round.current === own) setIsChecking(false);
      }
    },
    take(problems) {
      const placed = problems.map((problem) => ({ ...problem, page: pageOf(pages, problem.path) }));
      const shown = placed.flatMap(({ page, ...problem }) =>
        page === null ? [] : [{ ...problem, page, about: aboutOf(store, problem.path) }],
      );
      setServer(shown);
      setElsewhere(placed.filter(({ page }) => page === null));
      // From now on, what is typed on these pages counts.
      setFound((before) => {
        const next = new Map(before);
        for (const { page } of shown) next.set(page, next.get(page) ?? []);
        return next;
      });
      const first = Math.min(...shown.map(({ page }) => page));
      return Number.isFinite(first) ? first : null;
    },
  };
}

function isKnown(problems: readonly Problem[], { path, message }: ValueProblem): boolean {
  const place = path.join('/');
  return problems.some((other) => other.path.join('/') === place && other.message === message);
}

/** The page that asks for a value. */
function pageOf(pages: readonly WizardPage[], path: ValueProblem['path']): number | null {
  const [key] = path;
  const index = pages.findIndex((page) => key !== undefined && page.keys.has(String(key)));
  return index === -1 ? null : index;
}

function aboutOf(store: ValuesStore, path: ValueProblem['path']): string {
  let value: unknown = store.get();
  for (const key of path) value = partOf(value, key);
  return JSON.stringify(value) ?? '';
}
