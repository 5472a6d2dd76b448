/** The graph page before anything is picked: a search, and entities to begin with. */
import { useEffect, useState, type ReactElement } from 'react';
import { SearchField, Skeleton } from '@backstage/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import type { EntityRow } from '../../api/entity.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { kindName } from '../../parts/ref-text.ts';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { rowRef, useFound, useOfKind, useRecent } from './queries.ts';
import { graphPath } from './url-state.ts';

/** A search begins when typing pauses for so many milliseconds. */
const TYPING_MS = 120;

export function StartView(): ReactElement {
  const [text, setText] = useState('');
  const term = useRested(text);
  const found = useFound(term);
  const isSearching = term.trim() !== '';
  return (
    <div className="graph-start">
      <h1>{messages.pick}</h1>
      <p className="graph-muted">{messages.pickWhy}</p>
      <SearchField
        className="graph-search"
        aria-label={messages.search}
        placeholder={messages.searchPlaceholder}
        value={text}
        onChange={setText}
      />
      {isSearching ? <Found found={found} term={term} /> : <Suggestions />}
    </div>
  );
}

/** The text as it was when it last rested. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

function Found(props: {
  readonly found: UseQueryResult<readonly EntityRow[]>;
  readonly term: string;
}): ReactElement {
  const { found, term } = props;
  if (found.isError) {
    return (
      <ErrorPanel title={messages.searchFailed} error={found.error} onRetry={() => void found.refetch()} />
    );
  }
  if (found.data === undefined) return <Waiting />;
  return (
    <>
      <p className="graph-muted" role="status">
        {found.data.length === 0 ? messages.searchNone(term) : ''}
      </p>
      <Rows rows={found.data} />
    </>
  );
}

function Suggestions(): ReactElement {
  const recent = useRecent();
  const systems = useOfKind('system');
  const domains = useOfKind('domain');
  const failed = [systems, domains].find((query) => query.isError);
  if (failed !== undefined) {
    return (
      <ErrorPanel
        title={messages.suggestionsFailed}
        error={failed.error}
        onRetry={() => {
          void systems.refetch();
          void domains.refetch();
        }}
      />
    );
  }
  if (systems.data === undefined || domains.data === undefined) return <Waiting />;
  return (
    <>
      <Suggestion title={messages.recent} rows={recent.data ?? []} />
      <Suggestion title={messages.systems} rows={systems.data} />
      <Suggestion title={messages.domains} rows={domains.data} />
    </>
  );
}

function Suggestion(props: {
  readonly title: string;
  readonly rows: readonly EntityRow[];
}): ReactElement | null {
  const { title, rows } = props;
  if (rows.length === 0) return null;
  return (
    <section className="graph-suggestion">
      <h2>{title}</h2>
      <Rows rows={rows} />
    </section>
  );
}

function Rows({ rows }: { readonly rows: readonly EntityRow[] }): ReactElement {
  return (
    <ul className="graph-picks">
      {rows.map((row) => (
        <li key={rowRef(row)}>
          <Link className="graph-pick" to={graphPath({ roots: [rowRef(row)] })}>
            <KindIcon kind={row.ref.kind} />
            <bdi className="graph-pick-name">{row.title ?? row.name}</bdi>
            <span className="graph-muted">{kindName(row.ref.kind)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Waiting(): ReactElement {
  return (
    <div className="graph-waiting" aria-busy="true">
      <Skeleton width="100%" height="2.25rem" />
      <Skeleton width="100%" height="2.25rem" />
      <Skeleton width="100%" height="2.25rem" />
    </div>
  );
}
