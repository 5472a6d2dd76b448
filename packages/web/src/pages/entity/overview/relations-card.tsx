/** What an entity has to do with others, both directions, and which of those others do not exist. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { Entity } from '@callboard/model';
import { relationsOf, type EntityRow } from '../../../api/entity.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { messages } from '../messages.ts';
import { useTargets } from '../queries.ts';
import { groupRelations, type RelationGroup } from './relation-groups.ts';
import { Target } from '../target.tsx';
import { EntityCard } from './card.tsx';

/** Targets of a group shown at first, and how many more each press shows. */
const SHOWN_FIRST = 10;
const SHOWN_MORE = 100;
const NONE: ReadonlySet<string> = new Set();

export interface RelationsCardProps {
  readonly entity: Entity;
  /** Relation types that the page shows elsewhere. Default: none. */
  readonly except?: ReadonlySet<string>;
}

/** Nothing when everything is shown elsewhere. */
export function RelationsCard({ entity, except = NONE }: RelationsCardProps): ReactElement | null {
  const relations = relationsOf(entity);
  const groups = groupRelations(relations.filter(({ type }) => !except.has(type)));
  const [limits, setLimits] = useState<ReadonlyMap<string, number>>(new Map());
  const limitOf = (type: string): number => limits.get(type) ?? SHOWN_FIRST;
  const visible = groups.flatMap((group) => group.targets.slice(0, limitOf(group.type)));
  const targets = useTargets([...new Set(visible)].toSorted());
  const missing = visible.filter((ref) => targets.data?.get(ref) === null);
  if (groups.length === 0 && relations.length > 0) return null;
  return (
    <EntityCard title={messages.relations}>
      {groups.length === 0 && <p className="entity-none">{messages.noRelations}</p>}
      {targets.isError && (
        <ErrorPanel
          title={messages.targetsFailed}
          error={targets.error}
          onRetry={() => void targets.refetch()}
        />
      )}
      {missing.length > 0 && <p className="relations-note">{messages.missingNote(new Set(missing).size)}</p>}
      <dl className="facts">
        {groups.map((group) => (
          <Group
            key={group.type}
            group={group}
            limit={limitOf(group.type)}
            targets={targets.data}
            onMore={() => setLimits(new Map([...limits, [group.type, limitOf(group.type) + SHOWN_MORE]]))}
          />
        ))}
      </dl>
    </EntityCard>
  );
}

interface GroupProps {
  readonly group: RelationGroup;
  readonly limit: number;
  readonly targets: ReadonlyMap<string, EntityRow | null> | undefined;
  readonly onMore: () => void;
}

function Group({ group, limit, targets, onMore }: GroupProps): ReactElement {
  const more = group.targets.length - limit;
  return (
    <div className="fact">
      <dt>{group.title}</dt>
      <dd>
        <ul className="targets">
          {group.targets.slice(0, limit).map((target) => (
            <li key={target}>
              <Target reference={target} row={targets?.get(target)} />
            </li>
          ))}
        </ul>
        {more > 0 && (
          <Button className="targets-more" variant="tertiary" onPress={onMore}>
            {messages.showMore(more, group.title)}
          </Button>
        )}
      </dd>
    </div>
  );
}
