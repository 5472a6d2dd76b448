/** The templates: what can be made, found by text, category, tag and owner. The choice is in the address. */
import { useEffect, useRef, type ReactElement } from 'react';
import { Button, ButtonLink, SearchField } from '@backstage/ui';
import { stringifyRef } from '@callboard/model';
import { messages as shellMessages } from '../../messages.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { LoadingPart } from '../../parts/loading-page.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import '../health/health.css';
import './create.css';
import { Choices } from './list/choices.tsx';
import { isNarrowed, NOTHING_CHOSEN, type ListState } from './list/list-state.ts';
import { useTemplates } from './list/queries.ts';
import { TemplateCard } from './list/template-card.tsx';
import { useListState } from './list/use-list-state.ts';
import { messages } from './messages.ts';
import { SubNav } from './sub-nav.tsx';

export function CreatePage(): ReactElement {
  useTitle(messages.title);
  const { state, text, setText, choose } = useListState();
  const box = useRef<HTMLDivElement>(null);
  useShortcuts([
    { keys: '/', title: messages.search, run: () => box.current?.querySelector('input')?.focus() },
  ]);
  return (
    <div className="cb-page health create">
      <header className="health-head">
        <h1>{messages.title}</h1>
        <SubNav />
      </header>
      <div className="create-tools">
        <div className="create-search" ref={box} title={messages.searchKeys}>
          <SearchField
            aria-label={messages.search}
            aria-keyshortcuts="/"
            placeholder={messages.searchHint}
            value={text}
            onChange={setText}
          />
        </div>
        <Choices state={state} onChoose={choose} />
      </div>
      <Templates state={state} onClear={() => choose(NOTHING_CHOSEN)} />
    </div>
  );
}

interface TemplatesProps {
  readonly state: ListState;
  readonly onClear: () => void;
}

function Templates({ state, onClear }: TemplatesProps): ReactElement {
  const templates = useTemplates(state);
  const { data, error, isPending, refetch } = templates;
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const total = data?.pages.at(-1)?.total ?? 0;
  const list = useRef<HTMLUListElement>(null);
  const focusAt = useRef<number | null>(null);
  useEffect(() => {
    if (focusAt.current === null || rows.length <= focusAt.current) return;
    list.current?.children[focusAt.current]?.querySelector('a')?.focus();
    focusAt.current = null;
  }, [rows.length]);
  if (isPending) return <LoadingPart />;
  if (error !== null && data === undefined) {
    return <ErrorPanel title={messages.failedTemplates} error={error} onRetry={() => void refetch()} />;
  }
  if (total === 0) return isNarrowed(state) ? <NoMatch onClear={onClear} /> : <NoTemplates />;
  return (
    <>
      <p className="create-count" role="status">
        {messages.found(total)}
      </p>
      <ul className="templates" ref={list}>
        {rows.map((row) => (
          <TemplateCard key={stringifyRef(row.ref)} row={row} />
        ))}
      </ul>
      {error !== null && (
        <ErrorPanel title={messages.failedTemplates} error={error} onRetry={() => void refetch()} />
      )}
      {rows.length < total && (
        <Button
          className="create-more"
          variant="secondary"
          isPending={templates.isFetchingNextPage}
          onPress={() => {
            focusAt.current = rows.length;
            void templates.fetchNextPage();
          }}
        >
          {messages.more(total - rows.length)}
        </Button>
      )}
    </>
  );
}

function NoMatch({ onClear }: { readonly onClear: () => void }): ReactElement {
  return (
    <section className="cb-notice create-none">
      <h2 role="status">{messages.noMatch}</h2>
      <p>{messages.noMatchWhy}</p>
      <Button className="cb-notice-action" variant="secondary" onPress={onClear}>
        {messages.clearAll}
      </Button>
    </section>
  );
}

const GUIDE = 'https://backstage.io/docs/features/software-templates/writing-templates';

function NoTemplates(): ReactElement {
  return (
    <section className="cb-notice create-none">
      <h2>{messages.noTemplates}</h2>
      <p>{messages.noTemplatesWhy}</p>
      <div className="cb-example">
        <pre className="cb-code" tabIndex={0}>
          {messages.noTemplatesExample}
        </pre>
        <CopyButton text={messages.noTemplatesExample} label={shellMessages.copyText} />
      </div>
      <p className="create-links">
        <ButtonLink variant="primary" href="/catalog-import">
          {messages.register}
        </ButtonLink>
        <a className="cb-link" href={GUIDE} target="_blank" rel="noopener noreferrer">
          {messages.howTo}
          <span className="cb-hidden"> {shellMessages.opensElsewhere}</span>
        </a>
      </p>
    </section>
  );
}
