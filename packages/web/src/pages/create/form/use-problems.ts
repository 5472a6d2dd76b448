/** What is known to be wrong with the pages: looked for when somebody wants to go on, and from then on as they type. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ValueProblem } from '../../../api/scaffolder.ts';
import type { FormSession } from '@callboard/form';
import { checkPage, type Problem } from './check-page.ts';
import type { FormExtensions } from './field-extension.ts';
import { partOf, valuesFor, type WizardPage } from './pages.ts';
import type { PageView } from './page-view.ts';
import { isHidden } from './rule-problems.ts';
import type { SecretStore } from './secrets.ts';

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

export interface ProblemsDeps {
  readonly view: PageView;
  readonly session: FormSession;
  readonly extensions: FormExtensions;
  readonly secretStore: Pick<SecretStore, 'get' | 'subscribe'>;
}

export function useProblems({ view, session, extensions, secretStore }: ProblemsDeps): Problems {
  const [found, setFound] = useState<ReadonlyMap<number, readonly Problem[]>>(new Map());
  const [server, setServer] = useState<readonly ServerProblem[]>([]);
  const [elsewhere, setElsewhere] = useState<readonly ValueProblem[]>([]);
  const [isChecking, setIsChecking] = useState(false);
  const round = useRef(0);
  const looks = useRef(new Map<number, number>());
  const fields = useMemo(() => new Map(extensions.fields.map((field) => [field.name, field])), [extensions]);

  const look = useCallback(
    async (index: number): Promise<readonly Problem[]> => {
      const own = (looks.current.get(index) ?? 0) + 1;
      looks.current.set(index, own);
      await checksOf(index, session);
      const { pages, skipped } = view.now();
      const page = pages[index];
      if (page === undefined || skipped.has(index)) return [];
      const values = session.get();
      const shown = valuesFor(page, pages, values);
      const resolution = session.resolution();
      const problems = await checkPage({
        page,
        index,
        resolution,
        shown,
        values,
        fields,
        secrets: secretStore.get(),
      });
      // What was typed meanwhile is looked at by a newer one.
      if (looks.current.get(index) === own) setFound((before) => new Map(before).set(index, problems));
      return problems;
    },
    [view, session, fields, secretStore],
  );

  const known = [...found.keys()].join();
  useEffect(() => {
    if (known === '') return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const again = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {
        setServer((before) => before.filter((problem) => aboutOf(session, problem.path) === problem.about));
        for (const index of known.split(',')) void look(Number(index));
      }, PAUSE_MS);
    };
    // Another secret of the same length changes no value.
    const stops = [session.subscribe(again), secretStore.subscribe(again)];
    return () => {
      for (const stop of stops) stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [known, look, session, secretStore]);

  const byPage = useMemo(() => together(found, server), [found, server]);
  return {
    of: (page) => byPage.get(page) ?? NONE,
    troubled: useMemo(() => new Set(byPage.keys()), [byPage]),
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
      const placed = problems.map((problem) => ({ ...problem, page: pageOf(view, session, problem.path) }));
      const shown = placed.flatMap(({ page, ...problem }) =>
        page === null ? [] : [{ ...problem, page, about: aboutOf(session, problem.path) }],
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

const NONE: readonly Problem[] = [];

/** What was found and what the server said, by page; only pages on which something is wrong. */
function together(
  found: ReadonlyMap<number, readonly Problem[]>,
  server: readonly ServerProblem[],
): ReadonlyMap<number, readonly Problem[]> {
  const all = new Map([...found].filter(([, problems]) => problems.length > 0));
  for (const problem of server) {
    const known = all.get(problem.page) ?? NONE;
    if (!isKnown(known, problem)) all.set(problem.page, [...known, problem]);
  }
  return all;
}

function isKnown(problems: readonly Problem[], { path, message }: ValueProblem): boolean {
  const place = path.join('/');
  return problems.some((other) => other.path.join('/') === place && other.message === message);
}

/** The page that asks for a value now; null when none does. */
function pageOf(view: PageView, session: FormSession, path: ValueProblem['path']): number | null {
  if (isHidden(path, session.resolution())) return null;
  const index = pageOfKey(view.now().pages, path[0]);
  return index === -1 ? null : index;
}

/** -1 for none. */
export function pageOfKey(pages: readonly WizardPage[], key: string | number | undefined): number {
  return pages.findIndex((page) => key !== undefined && page.keys.has(String(key)));
}

/** Another system may have to be asked about the values of a page. */
async function checksOf(page: number, session: FormSession): Promise<void> {
  const { fields, needs } = session.resolution();
  const asked = new Set(needs.flatMap(({ what, field }) => (what === 'check' ? [field] : [])));
  const isWaiting = [...fields.values()].some(({ field }) => field.page === page && asked.has(field.id));
  if (isWaiting) await session.settled();
}

function aboutOf(session: FormSession, path: ValueProblem['path']): string {
  let value: unknown = session.get();
  for (const key of path) value = partOf(value, key);
  return JSON.stringify(value) ?? '';
}
