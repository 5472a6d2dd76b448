/** What the catalog shows when it has nothing to show, and what to do about it. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { CopyButton } from '../../parts/copy-button.tsx';
import { messages as shellMessages } from '../../messages.ts';
import { messages } from './messages.ts';
import type { Person } from './requests.ts';
import { ALL_KINDS, cleared, isNarrowed, narrowed, type CatalogState, type Go } from './url-state.ts';

export interface NoMatchProps {
  readonly state: CatalogState;
  readonly kind: string;
  readonly person: Person;
  readonly onChange: Go;
}

export function NoMatch({ state, kind, person, onChange }: NoMatchProps): ReactElement {
  const { title, why } = reason({ state, kind, person });
  return (
    <div className="catalog-none">
      <h2>{title}</h2>
      <p>{why}</p>
      <p className="catalog-none-actions">
        {isNarrowed(state) && (
          <Button variant="primary" onPress={() => onChange(cleared)}>
            {messages.clearFilters}
          </Button>
        )}
        {kind !== ALL_KINDS && (
          <Button variant="secondary" onPress={() => onChange((now) => narrowed(now, { kind: ALL_KINDS }))}>
            {messages.showAllKinds}
          </Button>
        )}
      </p>
    </div>
  );
}

function reason({ state, kind, person }: Omit<NoMatchProps, 'onChange'>): {
  readonly title: string;
  readonly why: string;
} {
  if (state.show === 'mine') return { title: messages.noneOwned, why: messages.noneOwnedWhy(person.ownsAs) };
  if (state.show === 'starred' && person.starred.length === 0) {
    return { title: messages.noneStarred, why: messages.noneStarredWhy };
  }
  return {
    title: messages.noMatch,
    why: isNarrowed(state) ? messages.noMatchWhy : messages.noMatchKind(kind),
  };
}

/** The list of what is starred cannot be shown, because nobody knows what is. */
export function StarsUnread({ onAll }: { readonly onAll: () => void }): ReactElement {
  return (
    <div className="catalog-none">
      <h2>{messages.starsUnread}</h2>
      <p>{messages.starsUnreadWhy}</p>
      <p className="catalog-none-actions">
        <Button variant="primary" onPress={onAll}>
          {messages.showEverybodys}
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
