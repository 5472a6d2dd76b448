/** The way through a long list: the offset is in the address. */
import type { ReactElement } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import { NextIcon, PreviousIcon } from '../../parts/icons.tsx';
import { messages } from './messages.ts';

export interface PagesProps {
  readonly offset: number;
  /** Rows on a page. */
  readonly size: number;
  readonly total: number;
}

/** The offset that an address names; 0 when it names none that can be. */
export function offsetOf(params: URLSearchParams): number {
  const offset = Number(params.get('offset') ?? 0);
  return Number.isSafeInteger(offset) && offset > 0 ? offset : 0;
}

/** Nothing for a list that fits on one page. */
export function Pages({ offset, size, total }: PagesProps): ReactElement | null {
  const [params, setParams] = useSearchParams();
  if (total <= size && offset === 0) return null;
  const go = (next: number): void => {
    const changed = new URLSearchParams(params);
    if (next <= 0) changed.delete('offset');
    else changed.set('offset', String(next));
    setParams(changed);
    window.scrollTo(0, 0);
  };
  return (
    <nav className="health-pages" aria-label={messages.pages}>
      <span>{messages.range(Math.min(offset + 1, total), Math.min(offset + size, total), total)}</span>
      <ButtonIcon
        variant="secondary"
        aria-label={messages.previous}
        icon={<PreviousIcon />}
        isDisabled={offset === 0}
        onPress={() => go(offset - size)}
      />
      <ButtonIcon
        variant="secondary"
        aria-label={messages.next}
        icon={<NextIcon />}
        isDisabled={offset + size >= total}
        onPress={() => go(offset + size)}
      />
    </nav>
  );
}
