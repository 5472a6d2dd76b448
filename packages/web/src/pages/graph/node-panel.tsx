/** What is selected: its facts, its relations within the graph, and what can be done with it. */
import { useRef, type ReactElement } from 'react';
import { Button, ButtonLink } from '@backstage/ui';
import { Link } from 'react-router-dom';
import { plural } from '../../messages.ts';
import { CloseIcon } from '../../parts/icons.tsx';
import { entityPath } from '../../parts/ref-text.ts';
import { StarButton } from '../../parts/star-button.tsx';
import type { GraphNode } from './graph.ts';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import type { RelatedGroup } from './related.ts';
import { noteOf } from './scene.ts';

/** Related entities of a group that are named; the rest are counted. */
const NAMED = 6;
/** The server sends this much of a description. */
const DESCRIPTION_LETTERS = 199;

export interface NodePanelProps {
  readonly node: GraphNode;
  readonly groups: readonly RelatedGroup[];
  readonly onSelect: (ref: string | null) => void;
  /** Null where the middle of the graph cannot be changed. */
  readonly onExpand: (() => void) | null;
  readonly onMakeRoot: (() => void) | null;
}

export function NodePanel({ node, groups, onSelect, onExpand, onMakeRoot }: NodePanelProps): ReactElement {
  const panel = useRef<HTMLElement>(null);
  // The button goes away with what it did; the keyboard stays here.
  const afterwards = (action: () => void) => (): void => {
    panel.current?.focus({ preventScroll: true });
    action();
  };
  return (
    <aside className="graph-panel" ref={panel} tabIndex={-1} aria-label={messages.selected}>
      <header className="graph-panel-head">
        <KindIcon kind={node.entityRef.kind} />
        <div className="graph-panel-name">
          <h2>
            <Link className="cb-link" to={entityPath(node.entityRef)} title={node.label}>
              <bdi>{node.label}</bdi>
            </Link>
          </h2>
          <p className="graph-muted">{`${noteOf(node)} · ${messages.steps(node.depth)}`}</p>
        </div>
        {node.exists && <StarButton entityRef={node.entityRef} name={node.label} />}
        <button
          type="button"
          className="graph-icon-button"
          aria-label={messages.close}
          onClick={() => onSelect(null)}
        >
          <CloseIcon />
        </button>
      </header>
      <code className="graph-panel-ref">{node.ref}</code>
      {!node.exists && <p className="graph-panel-missing">{messages.missingWhy}</p>}
      {node.description !== null && (
        <p className="graph-panel-text">
          <bdi>{node.description}</bdi>
          {node.description.length >= DESCRIPTION_LETTERS && '…'}
        </p>
      )}
      <div className="graph-panel-actions">
        <ButtonLink variant="primary" href={entityPath(node.entityRef)}>
          {messages.open}
        </ButtonLink>
        {onExpand !== null && node.exists && (
          <Button variant="secondary" onPress={afterwards(onExpand)}>
            {messages.expand}
          </Button>
        )}
        {onMakeRoot !== null && node.exists && (
          <Button variant="secondary" onPress={afterwards(onMakeRoot)}>
            {messages.makeRoot}
          </Button>
        )}
      </div>
      <RelatedGroups groups={groups} onSelect={onSelect} />
    </aside>
  );
}

function RelatedGroups(props: {
  readonly groups: readonly RelatedGroup[];
  readonly onSelect: (ref: string) => void;
}): ReactElement {
  const { groups, onSelect } = props;
  if (groups.length === 0) return <p className="graph-muted">{messages.noRelationsShown}</p>;
  return (
    <dl className="graph-panel-relations">
      {groups.map(({ title, nodes }) => (
        <div key={title}>
          <dt>
            {title} <span className="graph-muted">{nodes.length}</span>
          </dt>
          <dd>
            <ul>
              {nodes.slice(0, NAMED).map((other) => (
                <li key={other.ref}>
                  <button type="button" className="graph-text-button" onClick={() => onSelect(other.ref)}>
                    <KindIcon kind={other.entityRef.kind} />
                    <bdi>{other.label}</bdi>
                  </button>
                </li>
              ))}
              {nodes.length > NAMED && <li className="graph-muted">{messages.more(nodes.length - NAMED)}</li>}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What a screen reader says of a node when it is selected: its name, what it is, and its relations by their number. */
export function spokenNode(node: GraphNode, groups: readonly RelatedGroup[]): string {
  const relations = groups.map(({ title, nodes }) => {
    const [first] = nodes;
    return nodes.length === 1 && first !== undefined
      ? `${title} ${first.label}`
      : `${title} ${plural(nodes.length, 'entity', 'entities')}`;
  });
  return [node.label, noteOf(node), messages.steps(node.depth), ...relations].join(', ');
}
