/** What an entity has to do with others, both directions, and which of those others do not exist. */
import { useState, type ReactElement } from 'react';
import { Button, Card, CardBody, CardHeader } from '@backstage/ui';
import { parseRef, type Entity } from '@callboard/model';
import { Link } from 'react-router-dom';
import { relationsOf, type EntityRow } from '../../api/entity.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { entityPath, kindName, shortName } from '../../parts/ref-text.ts';
import { messages } from './messages.ts';
import { useTargets } from './queries.ts';
import { groupRelations, type RelationGroup } from './relation-groups.ts';

/** Targets of a group shown at first, and how many more each press shows. */
const SHOWN_FIRST = 10;
const SHOWN_MORE = 100;

export function RelationsCard({ entity }: { readonly entity: Entity }): ReactElement {
  const groups = groupRelations(relationsOf(entity));
  const [limits, setLimits] = useState<Readonly<Record<string, number>>>({});
  const limitOf = (type: string): number => limits[type] ?? SHOWN_FIRST;
  const visible = groups.flatMap((group) => group.targets.slice(0, limitOf(group.type)));
  const targets = useTargets([...new Set(visible)].toSorted());
  const missing = visible.filter((ref) => targets.data?.get(ref) === null);
  return (
    <Card className="entity-card entity-relations">
      <CardHeader className="entity-card-head">
        <h2>{messages.relations}</h2>
      </CardHeader>
      <CardBody>
        {groups.length === 0 && <p className="entity-none">{messages.noRelations}</p>}
        {targets.isError && (
          <ErrorPanel
            title={messages.targetsFailed}
            error={targets.error}
            onRetry={() => void targets.refetch()}
          />
        )}
        {missing.length > 0 && (
          <p className="relations-note">{messages.missingNote(new Set(missing).size)}</p>
        )}
        <dl className="facts">
          {groups.map((group) => (
            <Group
              key={group.type}
              group={group}
              limit={limitOf(group.type)}
              targets={targets.data}
              onMore={() => setLimits({ ...limits, [group.type]: limitOf(group.type) + SHOWN_MORE })}
            />
          ))}
        </dl>
      </CardBody>
    </Card>
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

interface TargetProps {
  readonly reference: string;
  /** Null when it does not exist; undefined while nobody knows. */
  readonly row: EntityRow | null | undefined;
}

function Target({ reference, row }: TargetProps): ReactElement {
  const ref = row?.ref ?? parseRef(reference);
  if (ref === null) return <bdi>{reference}</bdi>;
  if (row === null) {
    return (
      <span className="target target-missing" title={messages.missingWhy}>
        {/* Not an EntityLink: there is nothing to load ahead. */}
        <Link className="cb-link" to={entityPath(ref)}>
          <bdi>{shortName(ref, ref.kind)}</bdi>
        </Link>
        <span className="target-kind">{kindName(ref.kind)}</span>
        <span className="target-mark">{messages.missing}</span>
      </span>
    );
  }
  return (
    <span className="target">
      <EntityLink to={ref}>
        <bdi>{row?.title ?? shortName(ref, ref.kind)}</bdi>
      </EntityLink>
      <span className="target-kind">
        {row?.type == null ? kindName(ref.kind) : `${kindName(ref.kind)} · ${row.type}`}
      </span>
    </span>
  );
}
