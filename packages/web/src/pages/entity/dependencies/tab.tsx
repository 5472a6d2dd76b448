/** What an entity depends on, what depends on it, its parts and its APIs: a table for each relation. */
import { useDeferredValue, useMemo, useState, type ReactElement } from 'react';
import { Button, SearchField } from '@backstage/ui';
import type { EntityRow } from '../../../api/entity.ts';
import { count } from '../../../messages.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import type { EntityTabProps } from '../entity-tab.ts';
import { messages } from '../messages.ts';
import { EntityCard } from '../overview/card.tsx';
import type { RelationGroup } from '../overview/relation-groups.ts';
import { RelatedTable } from '../related-table.tsx';
import { useRelatedRows } from '../related-rows.ts';
import { useFilterText } from '../use-filter-text.ts';
import { dependencyGroups, fittingRows } from './sections.ts';

const SHOWN_FIRST = 50;
const SHOWN_MORE = 200;
/** From so many targets on there is a field to filter them. */
const MANY = 12;
const NO_ROWS: ReadonlyMap<string, EntityRow | null> = new Map();

export function DependenciesTab({ entity, entityRef }: EntityTabProps): ReactElement {
  const groups = useMemo(() => dependencyGroups(entity), [entity]);
  const refs = useMemo(() => [...new Set(groups.flatMap(({ targets }) => targets))], [groups]);
  const related = useRelatedRows({ entity, entityRef, refs });
  const [text, setText] = useFilterText();
  const filter = useDeferredValue(text);
  if (groups.length === 0) return <p className="entity-none">{messages.noDependencies}</p>;
  return (
    <div className="entity-stack">
      {refs.length >= MANY && (
        <SearchField
          className="entity-filter"
          aria-label={messages.filterDependencies}
          placeholder={messages.filterDependencies}
          value={text}
          onChange={setText}
        />
      )}
      {related.isError && (
        <ErrorPanel
          title={messages.targetsFailed}
          error={related.error}
          onRetry={() => void related.refetch()}
        />
      )}
      {groups.map((group) => (
        <Section key={`${group.type} ${filter}`} group={group} rows={related.data ?? NO_ROWS} text={filter} />
      ))}
    </div>
  );
}

interface SectionProps {
  readonly group: RelationGroup;
  readonly rows: ReadonlyMap<string, EntityRow | null>;
  readonly text: string;
}

function Section({ group, rows, text }: SectionProps): ReactElement {
  const fitting = useMemo(() => fittingRows(group, { rows, text }), [group, rows, text]);
  const [limit, setLimit] = useState(SHOWN_FIRST);
  const missing = group.targets.filter((target) => rows.get(target) === null).length;
  const total = group.targets.length;
  return (
    <EntityCard
      title={group.title}
      beside={
        <span className="entity-count">
          {fitting.length === total ? count(total) : messages.someOf(fitting.length, total)}
        </span>
      }
    >
      {missing > 0 && <p className="relations-note">{messages.missingNote(missing)}</p>}
      {fitting.length === 0 && <p className="entity-none">{messages.noneFits}</p>}
      {fitting.length > 0 && <RelatedTable label={group.title} rows={fitting.slice(0, limit)} />}
      {fitting.length > limit && (
        <Button className="targets-more" variant="tertiary" onPress={() => setLimit(limit + SHOWN_MORE)}>
          {messages.showMore(fitting.length - limit, group.title)}
        </Button>
      )}
    </EntityCard>
  );
}
