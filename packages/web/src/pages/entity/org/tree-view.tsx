/** A tree to look at and to walk through with the keyboard: one stop of the Tab key, the arrows move inside. */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { usePrefetchEntity } from '../../../api/entity-query.ts';
import { NextIcon, PeopleIcon, WarningIcon } from '../../../parts/icons.tsx';
import { entityPath } from '../../../parts/ref-text.ts';
import { Avatar } from '../avatar.tsx';
import { messages } from './messages.ts';
import { treeAction, type TreeLine } from './tree.ts';

export interface TreeViewProps {
  readonly label: string;
  readonly lines: readonly TreeLine[];
  /** Keys of the lines of the entity whose page it is. */
  readonly current: readonly string[];
  readonly onToggle: (key: string) => void;
  /** On a line that stands for entries that are not there yet. */
  readonly onMore: (line: TreeLine) => void;
}

export function TreeView({ label, lines, current, onToggle, onMore }: TreeViewProps): ReactElement {
  const navigate = useNavigate();
  const tree = useRef<HTMLUListElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  /** True when the next focus is brought about by a key. */
  const isMoving = useRef(false);
  const focused = [chosen, ...current].find((key) => lines.some((line) => line.key === key)) ?? lines[0]?.key;

  useEffect(() => {
    if (!isMoving.current) return;
    isMoving.current = false;
    tree.current?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus();
  });

  function press(event: KeyboardEvent): void {
    if (focused === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = treeAction(lines, { at: focused, pressed: event.key });
    if (action.kind === 'none') return;
    event.preventDefault();
    const line = lines.find(({ key }) => key === action.key);
    switch (action.kind) {
      case 'focus':
        isMoving.current = true;
        setChosen(action.key);
        return;
      case 'expand':
      case 'collapse':
        setChosen(action.key);
        onToggle(action.key);
        return;
      case 'open':
        if (line?.kind === 'entry') navigate(entityPath(line.entry.person.ref));
        return;
      case 'more':
        if (line !== undefined) onMore(line);
        return;
      default:
        action satisfies never;
    }
  }

  return (
    <ul className="tree" role="tree" aria-label={label} ref={tree} onKeyDown={press}>
      {lines.map((line) => (
        <li
          key={line.key}
          className="tree-line"
          role="treeitem"
          aria-level={line.level}
          tabIndex={line.key === focused ? 0 : -1}
          onFocus={() => setChosen(line.key)}
          style={{ paddingInlineStart: `${(line.level - 1) * 1.25}rem` }}
          {...(line.kind === 'entry' && {
            'aria-posinset': line.position,
            'aria-setsize': line.size,
            ...(line.isExpanded !== null && { 'aria-expanded': line.isExpanded }),
            ...(current.includes(line.key) && { 'aria-current': true }),
          })}
        >
          <Content line={line} onToggle={onToggle} onMore={onMore} />
        </li>
      ))}
    </ul>
  );
}

type ContentProps = Pick<TreeViewProps, 'onToggle' | 'onMore'> & { readonly line: TreeLine };

function Content({ line, onToggle, onMore }: ContentProps): ReactElement {
  switch (line.kind) {
    case 'entry':
      return <Entry line={line} onToggle={onToggle} />;
    case 'loading':
      return <span className="entity-none">{messages.chartLoading}</span>;
    case 'more':
      return (
        <span className="tree-more" onClick={() => onMore(line)}>
          {messages.chartMore(line.more)}
        </span>
      );
    case 'failed':
      return (
        <span className="tree-more" onClick={() => onMore(line)}>
          <WarningIcon /> {messages.chartBranchFailed}
        </span>
      );
    default:
      return line satisfies never;
  }
}

interface EntryProps {
  readonly line: TreeLine & { readonly kind: 'entry' };
  readonly onToggle: (key: string) => void;
}

function Entry({ line, onToggle }: EntryProps): ReactElement {
  const prefetch = usePrefetchEntity();
  const { person, groups, members } = line.entry;
  const isGroup = person.ref.kind.toLowerCase() === 'group';
  const facts = [
    isGroup ? person.type : person.role,
    groups > 0 ? messages.groups(groups) : null,
    members > 0 ? messages.people(members) : null,
  ].filter((fact) => fact !== null);
  return (
    <>
      {/* The line itself says whether it is open, and the arrows open it. */}
      <span
        className="tree-toggle"
        data-open={line.isExpanded}
        aria-hidden="true"
        onClick={() => line.isExpanded !== null && onToggle(line.key)}
      >
        {line.isExpanded !== null && <NextIcon />}
      </span>
      {isGroup ? (
        <span className="tree-group" aria-hidden="true">
          <PeopleIcon />
        </span>
      ) : (
        <Avatar name={person.name} picture={person.picture} />
      )}
      <span className="tree-name">
        <Link
          className="cb-link"
          to={entityPath(person.ref)}
          tabIndex={-1}
          onPointerEnter={() => prefetch(person.ref)}
        >
          <bdi>{person.name}</bdi>
        </Link>{' '}
        <span className="target-kind" dir="auto">
          {facts.join(' · ')}
        </span>
      </span>
    </>
  );
}
