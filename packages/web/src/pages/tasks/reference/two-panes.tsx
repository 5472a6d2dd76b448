/** A list of names to search in, and beside it the one that is chosen. Both are in the address: `q` and `name`. */
import { useEffect, useMemo, useRef, type ReactElement, type ReactNode } from 'react';
import { SearchField } from '@backstage/ui';
import { Link, useSearchParams } from 'react-router-dom';
import { useTypedText } from '../../catalog/use-typed-text.ts';
import { messages } from './messages.ts';

export interface Named {
  /** Unique in the list. */
  readonly key: string;
  readonly name: string;
  /** The heading that it stands under; null for none. */
  readonly group: string | null;
  readonly description: string | null;
}

export interface TwoPanesProps<Item extends Named> {
  readonly title: string;
  readonly items: readonly Item[];
  readonly show: (item: Item) => ReactNode;
}

export function TwoPanes<Item extends Named>({ title, items, show }: TwoPanesProps<Item>): ReactElement {
  const [params, setParams] = useSearchParams();
  const chosen = params.get('name');
  const committed = params.get('q') ?? '';
  const search = useTypedText(committed, (text) => {
    setParams(changed(params, 'q', text), { replace: true, preventScrollReset: true });
  });
  const found = useMemo(() => matching(items, search.text), [items, search.text]);
  const item = items.find(({ key }) => key === chosen) ?? null;
  const detail = useRef<HTMLElement>(null);
  const shownBefore = useRef(chosen);
  useEffect(() => {
    // Who chose one reads it from its beginning, and by keyboard goes on from there.
    if (chosen !== null && chosen !== shownBefore.current) {
      detail.current?.focus({ preventScroll: true });
      detail.current?.scrollIntoView({ block: 'nearest' });
    }
    shownBefore.current = chosen;
  }, [chosen]);
  return (
    <div className="panes" data-chosen={chosen !== null || undefined}>
      <div className="panes-list">
        <SearchField
          size="small"
          aria-label={messages.search}
          placeholder={messages.search}
          value={search.text}
          onChange={search.setText}
        />
        <p className="health-note" role="status">
          {found.length === items.length
            ? messages.total(items.length)
            : messages.found(found.length, items.length)}
        </p>
        {found.length === 0 && <p className="health-note">{messages.noneFits}</p>}
        <nav className="panes-names" aria-label={messages.list(title)}>
          {grouped(found).map(({ group, members }) => (
            <div key={group ?? ''}>
              {group !== null && <h3>{group}</h3>}
              <ul>
                {members.map(({ key, name }) => (
                  <li key={key}>
                    <Link
                      to={`?${changed(params, 'name', key).toString()}`}
                      aria-current={key === chosen ? 'true' : undefined}
                      preventScrollReset
                    >
                      <bdi>{name}</bdi>
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
      </div>
      <section className="panes-detail" ref={detail} tabIndex={-1} aria-label={item?.name ?? title}>
        {chosen !== null && (
          <Link className="cb-link panes-back" to={`?${changed(params, 'name', '').toString()}`}>
            {messages.backToList}
          </Link>
        )}
        {item !== null && show(item)}
        {item === null && (
          <p className="health-note">{chosen === null ? messages.choose : messages.unknown(chosen)}</p>
        )}
      </section>
    </div>
  );
}

function changed(params: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value === '') next.delete(name);
  else next.set(name, value);
  return next;
}

/** Every word has to be in the name or the description; those with all of them in the name come first. */
function matching<Item extends Named>(items: readonly Item[], text: string): readonly Item[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  const isIn = (where: string): boolean => words.every((word) => where.toLowerCase().includes(word));
  const byName = items.filter(({ name }) => isIn(name));
  const others = items.filter(
    (item) => !byName.includes(item) && isIn(`${item.name} ${item.description ?? ''}`),
  );
  return [...byName, ...others];
}

interface Group<Item> {
  readonly group: string | null;
  readonly members: readonly Item[];
}

function grouped<Item extends Named>(items: readonly Item[]): readonly Group<Item>[] {
  const groups = new Map<string | null, Item[]>();
  for (const item of items) {
    const members = groups.get(item.group);
    if (members === undefined) groups.set(item.group, [item]);
    else members.push(item);
  }
  return [...groups].map(([group, members]) => ({ group, members }));
}
