/** The same graph as a table: every entity by its distance, with its relations. For screen readers, and for finding. */
import { Fragment, useMemo, useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { EntityLink } from '../../parts/entity-link.tsx';
import type { Graph, GraphNode } from './graph.ts';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { createRelated, type RelatedGroup } from './related.ts';
import { noteOf } from './scene.ts';

const SHOWN_FIRST = 200;
const SHOWN_MORE = 500;
/** Related entities of a group that are named. */
const NAMED = 5;

export interface ListViewProps {
  readonly graph: Graph;
  /** For screen readers: whose relations these are. */
  readonly label: string;
}

export function ListView({ graph, label }: ListViewProps): ReactElement {
  const [limit, setLimit] = useState(SHOWN_FIRST);
  const related = useMemo(() => createRelated(graph), [graph]);
  const sorted = useMemo(() => graph.nodes.toSorted((a, b) => a.depth - b.depth), [graph]);
  const shown = sorted.slice(0, limit);
  const depths = [...new Set(shown.map((node) => node.depth))];
  const more = sorted.length - shown.length;
  const { columns } = messages;
  return (
    <div className="graph-list">
      <table className="graph-table">
        <caption className="cb-hidden">{`${label}. ${messages.tableCaption}`}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.entity}</th>
            <th scope="col">{columns.kind}</th>
            <th scope="col">{columns.relations}</th>
          </tr>
        </thead>
        {depths.map((depth) => (
          <tbody key={depth}>
            <tr>
              <th className="graph-level" scope="rowgroup" colSpan={3}>
                {messages.level(depth, sorted.filter((node) => node.depth === depth).length)}
              </th>
            </tr>
            {shown
              .filter((node) => node.depth === depth)
              .map((node) => (
                <Row key={node.ref} node={node} groups={related(node.ref)} />
              ))}
          </tbody>
        ))}
      </table>
      {more > 0 && (
        <Button variant="secondary" onPress={() => setLimit(limit + SHOWN_MORE)}>
          {messages.showAll(Math.min(more, SHOWN_MORE))}
        </Button>
      )}
    </div>
  );
}

function Row(props: { readonly node: GraphNode; readonly groups: readonly RelatedGroup[] }): ReactElement {
  const { node, groups } = props;
  return (
    <tr data-missing={!node.exists || undefined}>
      <td>
        <span className="graph-row-name">
          <KindIcon kind={node.entityRef.kind} />
          <EntityLink to={node.entityRef}>
            <bdi>{node.label}</bdi>
          </EntityLink>
        </span>
      </td>
      <td className="graph-muted">{noteOf(node)}</td>
      <td>
        {groups.length === 0 && <span className="graph-muted">{messages.noRelationsShown}</span>}
        <ul className="graph-row-relations">
          {groups.map(({ title, nodes }) => (
            <li key={title}>
              <span className="graph-muted">{title}</span>{' '}
              {nodes.slice(0, NAMED).map((other, index) => (
                <Fragment key={other.ref}>
                  {index > 0 && ', '}
                  <bdi>{other.label}</bdi>
                </Fragment>
              ))}
              {nodes.length > NAMED && (
                <span className="graph-muted">{` · ${messages.more(nodes.length - NAMED)}`}</span>
              )}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
