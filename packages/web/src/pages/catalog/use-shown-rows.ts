/** The rows on the screen, noticed at most every so often: while somebody scrolls fast, nothing is read that is gone at once. */
import { useEffect, useRef, useState } from 'react';
import { useEvent } from './use-event.ts';
import type { RowRange } from './windows.ts';

const EVERY_MS = 80;
/** Smaller moves make no difference to what is read. */
const STEP_ROWS = 20;

export interface ShownRows {
  readonly key: string;
  readonly range: RowRange;
}

export function useShownRows(): readonly [ShownRows | null, (key: string, range: RowRange) => void] {
  const [shown, setShown] = useState<ShownRows | null>(null);
  const latest = useRef<ShownRows | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const apply = (): void => {
    const next = latest.current;
    if (next !== null) setShown((now) => (now !== null && isSame(now, next) ? now : next));
  };
  const see = useEvent((key: string, range: RowRange) => {
    latest.current = { key, range };
    if (timer.current !== null) return;
    apply();
    timer.current = setTimeout(() => {
      timer.current = null;
      apply();
    }, EVERY_MS);
  });
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return [shown, see];
}

function isSame(a: ShownRows, b: ShownRows): boolean {
  const step = (row: number): number => Math.floor(row / STEP_ROWS);
  return (
    a.key === b.key &&
    step(a.range.first) === step(b.range.first) &&
    step(a.range.last) === step(b.range.last)
  );
}
