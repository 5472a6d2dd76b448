/** Entities as the text of a file: CSV of the columns that are shown, JSON, or YAML that can be registered again. */
import { isObject, stringifyRef } from '@callboard/model';
import { objectIn } from '../../api/entity.ts';
import type { ColumnId } from './columns.ts';
import { toListedRow, type ListedRow } from './row.ts';

export type ExportFormat = 'csv' | 'json' | 'yaml';

export const EXPORT_FORMATS: readonly ExportFormat[] = ['csv', 'json', 'yaml'];

/** Writes a file piece by piece, so that a long one is never one string. */
export interface FileWriter {
  readonly type: string;
  /** Before the first entity. */
  readonly start: string;
  /** The text of one entity. */
  readonly entity: (entity: unknown, isFirst: boolean) => string;
  readonly end: string;
}

/** Excel takes a file for UTF-8 only when it starts with this mark. */
const BYTE_ORDER_MARK = '\uFEFF';

/** CSV as in RFC 4180: CRLF, and quotes where they are needed. */
export function csvWriter(columns: readonly ColumnId[], titles: readonly string[]): FileWriter {
  return {
    type: 'text/csv;charset=utf-8',
    start: BYTE_ORDER_MARK + csvLine(titles),
    entity: (entity) => {
      const row = toListedRow(entity);
      if (row === null) return '';
      return csvLine([
        stringifyRef(row.ref),
        row.title ?? row.name,
        ...columns.map((column) => cellText(row, column)),
      ]);
    },
    end: '',
  };
}

/** An array of whole entities, as the API answers them, one in each line. */
export function jsonWriter(): FileWriter {
  return {
    type: 'application/json',
    start: '[',
    entity: (entity, isFirst) => `${isFirst ? '\n' : ',\n'}${JSON.stringify(entity)}`,
    end: '\n]\n',
  };
}

/** Documents without what the catalog adds by itself. `stringify`: that of the YAML library, which is loaded late. */
export function yamlWriter(stringify: (value: unknown) => string): FileWriter {
  return {
    type: 'application/yaml',
    start: '',
    entity: (entity, isFirst) => `${isFirst ? '' : '---\n'}${stringify(toSource(entity))}`,
    end: '',
  };
}

/** What somebody would write to register the entity: no uid, etag, relations or status. */
export function toSource(entity: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(entity)) return {};
  const { uid: _uid, etag: _etag, ...metadata } = objectIn(entity, 'metadata');
  const { apiVersion, kind, spec } = entity;
  return { apiVersion, kind, metadata, ...(spec !== undefined && { spec }) };
}

/** A cell whose text a spreadsheet would take for a formula starts with an apostrophe. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function cellText(row: ListedRow, column: ColumnId): string {
  switch (column) {
    case 'kind':
      return row.ref.kind;
    case 'namespace':
      return row.ref.namespace;
    case 'tags':
      return row.tags.join(', ');
    case 'owner':
    case 'system':
    case 'domain': {
      const ref = row[column];
      return ref === null ? '' : stringifyRef(ref);
    }
    case 'type':
    case 'lifecycle':
    case 'description':
    case 'location':
      return row[column] ?? '';
    default:
      return column satisfies never;
  }
}
