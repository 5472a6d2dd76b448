/**
 * The table of entities. On a narrow screen each row becomes a card; the roles are written out because a table
 * that is not laid out as one loses them.
 */
import type { ReactElement, ReactNode } from 'react';
import { Skeleton } from '@backstage/ui';
import { DEFAULT_NAMESPACE } from '@callboard/model';
import type { EntityRow } from '../../api/entity.ts';
import { messages as shellMessages } from '../../messages.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { SortDownIcon, SortUpIcon, WarningIcon } from '../../parts/icons.tsx';
import { firstWords } from '../../parts/prose-text.ts';
import { kindName, shortName } from '../../parts/ref-text.ts';
import { Tag } from '../../parts/tag.tsx';
import { messages } from './messages.ts';
import type { CatalogState, SortField } from './url-state.ts';

/** Tags shown in a row; the others are counted. */
const TAGS_SHOWN = 3;

interface Column {
  readonly id: string;
  readonly title: string;
  /** Null when the API cannot sort by it. */
  readonly sort: SortField | null;
  readonly cell: (row: EntityRow) => ReactNode;
}

const COLUMNS: readonly Column[] = [
  column('metadata.name', 'name', (row) => <Name row={row} />),
  column('kind', 'kind', (row) => <bdi>{kindName(row.ref.kind)}</bdi>),
  column('spec.type', 'type', (row) => row.type !== null && <bdi>{row.type}</bdi>),
  column('spec.lifecycle', 'lifecycle', (row) => row.lifecycle !== null && <bdi>{row.lifecycle}</bdi>),
  column('spec.owner', 'owner', (row) => row.owner && <EntityLink to={row.owner} usualKind="group" />),
  column('spec.system', 'system', (row) => row.system && <EntityLink to={row.system} usualKind="system" />),
  {
    id: 'tags',
    title: messages.tags,
    sort: null,
    cell: (row) => row.tags.length > 0 && <Tags tags={row.tags} />,
  },
];

export interface EntityTableProps {
  readonly rows: readonly EntityRow[];
  readonly state: Pick<CatalogState, 'sort' | 'dir'>;
  /** Shows the kind of each row: when the list holds more than one. */
  readonly withKind: boolean;
  /** The rows are those of the page before, while this one is on its way. */
  readonly isStale: boolean;
  readonly onSort: (field: SortField) => void;
}

export function EntityTable({ rows, state, withKind, isStale, onSort }: EntityTableProps): ReactElement {
  const columns = withKind ? COLUMNS : COLUMNS.filter(({ id }) => id !== 'kind');
  return (
    <table className="entities" role="table" aria-label={messages.tableCaption} aria-busy={isStale}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((each) => (
            <HeaderCell key={each.id} column={each} state={state} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map((each) => (
              <Cell key={each.id} column={each} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface HeaderCellProps {
  readonly column: Column;
  readonly state: EntityTableProps['state'];
  readonly onSort: (field: SortField) => void;
}

function HeaderCell({ column: { id, title, sort }, state, onSort }: HeaderCellProps): ReactElement {
  const className = `col-${id}`;
  if (sort === null) {
    return (
      <th className={className} role="columnheader" scope="col">
        {title}
      </th>
    );
  }
  const sorted = state.sort === sort;
  const direction = state.dir === 'asc' ? 'ascending' : 'descending';
  return (
    <th className={className} role="columnheader" scope="col" aria-sort={sorted ? direction : 'none'}>
      <button type="button" className="sort" title={messages.sortBy(title)} onClick={() => onSort(sort)}>
        {title}
        <span className="sort-mark" data-sorted={sorted}>
          {sorted && state.dir === 'desc' ? <SortDownIcon /> : <SortUpIcon />}
        </span>
      </button>
    </th>
  );
}

function Cell({ column: { id, title, cell }, row }: { column: Column; row: EntityRow }): ReactElement {
  const content = cell(row);
  const isEmpty = content === null || content === false;
  return (
    <td className={`col-${id}`} role="cell" data-title={title} data-empty={isEmpty}>
      {content}
    </td>
  );
}

function Name({ row }: { readonly row: EntityRow }): ReactElement {
  const hint = nameHint(row);
  return (
    <>
      <span className="cell-name">
        <EntityLink to={row.ref}>
          <bdi>{row.title ?? row.name}</bdi>
        </EntityLink>
        {hint !== null && <bdi className="cell-ref">{hint}</bdi>}
        {row.hasErrors && (
          <span className="cell-warning" title={messages.hasErrors}>
            <WarningIcon />
            <span className="cb-hidden">{messages.hasErrors}</span>
          </span>
        )}
      </span>
      {row.description !== null && <span className="cell-description">{firstWords(row.description)}</span>}
    </>
  );
}

/** What the link does not say: the reference behind a title, or a namespace that is not the usual one. */
function nameHint({ ref, title }: EntityRow): string | null {
  const reference = shortName(ref, ref.kind);
  if (title !== null) return title === reference ? null : reference;
  return ref.namespace === DEFAULT_NAMESPACE ? null : ref.namespace;
}

function Tags({ tags }: { readonly tags: readonly string[] }): ReactElement {
  const rest = tags.slice(TAGS_SHOWN);
  return (
    <span className="cell-tags">
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
      {rest.length > 0 && (
        <span className="cell-more" title={messages.moreTagsTitle(rest)}>
          {messages.moreTags(rest.length)}
        </span>
      )}
    </span>
  );
}

/** The outline of the table while its first page is on the way. */
export function TableSkeleton(): ReactElement {
  return (
    <div className="entities-skeleton" aria-busy="true">
      <span className="cb-hidden">{shellMessages.loading}</span>
      {Array.from({ length: 10 }, (_, index) => (
        <div key={index} className="entities-skeleton-row" aria-hidden="true">
          <Skeleton width={`${70 - ((index * 17) % 35)}%`} height="1rem" />
          <Skeleton width={`${90 - ((index * 23) % 40)}%`} height="1rem" />
          <Skeleton width="60%" height="1rem" />
          <Skeleton width="70%" height="1rem" />
        </div>
      ))}
    </div>
  );
}

function column(sort: SortField, id: string, cell: Column['cell']): Column {
  return { id, title: messages.columnTitles[sort], sort, cell };
}

function keyOf({ ref }: EntityRow): string {
  return `${ref.kind}:${ref.namespace}/${ref.name}`;
}
