/** What the catalog shows when it has nothing to show, and what to do about it. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { CopyButton } from '../../parts/copy-button.tsx';
import { messages as shellMessages } from '../../messages.ts';
import { messages } from './messages.ts';
import { ALL_KINDS, isNarrowed, type CatalogState } from './url-state.ts';

export interface NoMatchProps {
  readonly state: CatalogState;
  readonly kind: string;
  readonly onClear: () => void;
  readonly onAllKinds: () => void;
}

export function NoMatch({ state, kind, onClear, onAllKinds }: NoMatchProps): ReactElement {
  const isFiltered = isNarrowed(state);
  return (
    <div className="catalog-none">
      <h2>{messages.noMatch}</h2>
      <p>{isFiltered ? messages.noMatchWhy : messages.noMatchKind(kind)}</p>
      <p className="catalog-none-actions">
        {isFiltered && (
          <Button variant="primary" onPress={onClear}>
            {messages.clearFilters}
          </Button>
        )}
        {kind !== ALL_KINDS && (
          <Button variant="secondary" onPress={onAllKinds}>
            {messages.showAllKinds}
          </Button>
        )}
      </p>
    </div>
  );
}

export function PastTheEnd(props: { readonly total: number; readonly onFirst: () => void }): ReactElement {
  return (
    <div className="catalog-none">
      <h2>{messages.pastTheEnd}</h2>
      <p>{messages.pastTheEndWhy(props.total)}</p>
      <p className="catalog-none-actions">
        <Button variant="primary" onPress={props.onFirst}>
          {messages.firstPage}
        </Button>
      </p>
    </div>
  );
}

export function EmptyCatalog(): ReactElement {
  return (
    <section className="cb-notice">
      <h1>{messages.empty}</h1>
      <p>{messages.emptyWhy}</p>
      <Example text={messages.emptyConfig} />
      <p>{messages.emptyEntity}</p>
      <Example text={messages.emptyEntityYaml} />
      <p role="status">{messages.emptyThen}</p>
    </section>
  );
}

function Example({ text }: { readonly text: string }): ReactElement {
  return (
    <div className="cb-example">
      <pre className="cb-code" tabIndex={0}>
        {text}
      </pre>
      <CopyButton text={text} label={shellMessages.copyText} />
    </div>
  );
}
