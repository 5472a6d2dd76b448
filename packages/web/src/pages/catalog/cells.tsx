/** What stands in the cells of a row. Everything is on one line, whatever the data; the title says what is cut off. */
import type { ReactElement, ReactNode } from 'react';
import { DEFAULT_NAMESPACE, type EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { WarningIcon } from '../../parts/icons.tsx';
import { firstWords } from '../../parts/prose-text.ts';
import { entityPath, kindName, shortName } from '../../parts/ref-text.ts';
import { Tag } from '../../parts/tag.tsx';
import type { ColumnId } from './columns.ts';
import { useLabel } from './labels.ts';
import { messages } from './messages.ts';
import { locationText, type ListedRow } from './row.ts';

/** Tags shown in a row; the others are counted. */
const TAGS_SHOWN = 2;

/** How the links of a row behave. */
export interface RowLinks {
  /** Loads the page of an entity ahead of the click. */
  readonly prefetch: (ref: EntityRef) => void;
  /** 0 in the row that the keyboard is in, where every link is a stop; -1 in the others. */
  readonly tabIndex: 0 | -1;
}

interface RefLinkProps extends RowLinks {
  readonly to: EntityRef;
  readonly className: string;
  readonly title: string;
  readonly children: string;
}

/** The text is cut off at its own end, also when it reads right to left: so `dir` stands where it is cut. */
function RefLink({ to, className, title, children, prefetch, tabIndex }: RefLinkProps): ReactElement {
  const ahead = (): void => prefetch(to);
  return (
    <Link
      className={className}
      dir="auto"
      to={entityPath(to)}
      title={title}
      tabIndex={tabIndex}
      onPointerEnter={ahead}
      onFocus={ahead}
    >
      {children}
    </Link>
  );
}

export interface NameCellProps {
  readonly row: ListedRow;
  readonly links: RowLinks;
  /** False when the description has a column of its own. */
  readonly withDescription: boolean;
}

export function NameCell({ row, links, withDescription }: NameCellProps): ReactElement {
  const hint = nameHint(row);
  const name = row.title ?? row.name;
  const description = withDescription && row.description !== null ? firstWords(row.description) : '';
  return (
    <>
      <span className="cell-name">
        {/* The name is a stop of the keyboard in every row. */}
        <RefLink {...links} className="cb-link" to={row.ref} title={name} tabIndex={0}>
          {name}
        </RefLink>
        {hint !== null && (
          <bdi className="cell-ref" title={hint}>
            {hint}
          </bdi>
        )}
        {row.hasErrors && (
          <span className="cell-warning" title={messages.hasErrors}>
            <WarningIcon />
            <span className="cb-hidden">{messages.hasErrors}</span>
          </span>
        )}
      </span>
      {description !== '' && <Description text={description} />}
    </>
  );
}

/** Null when there is nothing to say. */
export function cellOf(column: ColumnId, row: ListedRow, links: RowLinks): ReactNode {
  switch (column) {
    case 'kind':
      return <Text>{kindName(row.ref.kind)}</Text>;
    case 'namespace':
      return <Text>{row.ref.namespace}</Text>;
    case 'type':
    case 'lifecycle':
      return row[column] !== null && <Text>{row[column]}</Text>;
    case 'owner':
      return row.owner && <Related {...links} to={row.owner} usualKind="group" />;
    case 'system':
    case 'domain': {
      const to = row[column];
      return to && <Related {...links} to={to} usualKind={column} />;
    }
    case 'tags':
      return row.tags.length > 0 && <Tags tags={row.tags} />;
    case 'description':
      return row.description !== null && <Description text={firstWords(row.description)} />;
    case 'location':
      return row.location !== null && <Text title={row.location}>{locationText(row.location)}</Text>;
    default:
      return column satisfies never;
  }
}

function Text({ children, title }: { readonly children: string; readonly title?: string }): ReactElement {
  return (
    <span className="cell-text" dir="auto" title={title ?? children}>
      {children}
    </span>
  );
}

function Description({ text }: { readonly text: string }): ReactElement {
  return (
    <span className="cell-description" dir="auto" title={text}>
      {text}
    </span>
  );
}

interface RelatedProps extends RowLinks {
  readonly to: EntityRef;
  readonly usualKind: string;
}

function Related({ to, usualKind, ...links }: RelatedProps): ReactElement {
  const label = useLabel(to);
  const name = shortName(to, usualKind);
  return (
    <RefLink {...links} className="cb-link cell-text" to={to} title={name}>
      {label ?? name}
    </RefLink>
  );
}

/**
 * What the link does not say: the reference behind a title that is more than the name with capitals and spaces, or a
 * namespace that is not the usual one.
 */
function nameHint({ ref, title }: ListedRow): string | null {
  const reference = shortName(ref, ref.kind);
  if (title !== null) return title.toLowerCase().replaceAll(' ', '-') === reference ? null : reference;
  return ref.namespace === DEFAULT_NAMESPACE ? null : ref.namespace;
}

function Tags({ tags }: { readonly tags: readonly string[] }): ReactElement {
  const rest = tags.slice(TAGS_SHOWN);
  return (
    <span className="cell-tags" title={messages.moreTagsTitle(tags)}>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
      {rest.length > 0 && <span className="cell-more">{messages.moreTags(rest.length)}</span>}
    </span>
  );
}
