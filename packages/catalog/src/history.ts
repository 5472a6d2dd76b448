/** What an entity has been: every version that is still known, when it began, from where, and what was wrong with it. */
import type { Database, DatabaseSession } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';
import { parseDiagnostics } from './explain.ts';
import { changeBetween, locationOf, toWritten, type Content, type VersionChange } from './history-change.ts';
import { historyEntries, historyVersions, type HistoryEntry } from './store/history.ts';
import { entityRows, type EntityRow } from './store/store.ts';

/** `added`: the first version, or the first after a removal. `removed`: the entity left the catalog. */
export type HistoryChange = VersionChange | 'added' | 'removed';

export interface HistoryItem {
  /** Grows with time; stays the same as long as the item is known. */
  readonly id: string;
  /** When the version began, or the entity went. ISO 8601. */
  readonly at: string;
  readonly change: HistoryChange;
  /** `type:target` that the version came from; null when its provider named none. */
  readonly location: string | null;
  /** `apiVersion`, `kind`, `metadata`, `spec`; null when it never was good. Of a removal: what the entity was last. */
  readonly entity: Readonly<Record<string, unknown>> | null;
  readonly problems: readonly Diagnostic[];
}

export interface History {
  readonly entityRef: string;
  /** The newest first. */
  readonly items: readonly HistoryItem[];
  /** `before` of the page after this one; null when there is none. */
  readonly next: string | null;
}

export interface HistoryOptions {
  /** At least 1. Default: 20. */
  readonly limit?: number;
  /** Only items with a smaller id. Null: from the newest. Default: null. */
  readonly before?: number | null;
}

const DEFAULT_LIMIT = 20;

/** Null when neither the entity nor anything that it has been is known. */
export async function historyOf(
  database: Database,
  ref: string,
  { limit = DEFAULT_LIMIT, before = null }: HistoryOptions = {},
): Promise<History | null> {
  // One transaction, so that what is replaced meanwhile is neither seen twice nor missed.
  return database.transaction(async (session) => {
    const [row] = await entityRows(session, [ref]);
    const entries = await historyEntries(session, ref);
    if (row === undefined && entries.length === 0) return null;
    const events = toEvents(row, entries);
    const from = before === null ? 0 : events.findIndex(({ id }) => id < before);
    const start = from === -1 ? events.length : from;
    const page = events.slice(start, start + limit);
    const last = page.at(-1);
    const hasMore = start + limit < events.length;
    return {
      entityRef: ref,
      items: await toItems(session, page),
      next: hasMore && last !== undefined ? String(last.id) : null,
    };
  });
}

/** Where a version is: in the row of the entity, or in the history under an id. */
type Place = { readonly row: Content } | { readonly id: number };

type Event =
  | { readonly is: 'removal'; readonly id: number; readonly at: number; readonly of: Place }
  | {
      readonly is: 'version';
      readonly id: number;
      readonly at: number;
      readonly of: Place;
      /** The version before; `nothing`: there was none, or a removal; `unknown`: it is no longer kept. */
      readonly before: Place | 'nothing' | 'unknown';
    };

/**
 * Beginnings and ends, the newest first. What is stored under an id is the end of a version; its event is numbered
 * twice the id, and what followed it one more. So numbers stay when a version is replaced, or an older one dropped.
 */
function toEvents(row: EntityRow | undefined, entries: readonly HistoryEntry[]): Event[] {
  const events: Event[] = [];
  const begin = (of: Place, at: number, previous: { id: number; entry: HistoryEntry | undefined }): void => {
    const id = previous.id * 2 + 1;
    events.push({ is: 'version', id, at, of, before: placeBefore(previous) });
  };
  const [newest] = entries;
  if (row !== undefined) begin({ row }, row.changed_at, { id: newest?.id ?? 0, entry: newest });
  for (const [i, entry] of entries.entries()) {
    const of = { id: entry.id };
    if (entry.removed === 1) events.push({ is: 'removal', id: entry.id * 2, at: entry.ended_at, of });
    begin(of, entry.began_at, { id: entry.previous_id, entry: entries[i + 1] });
  }
  return events;
}

function placeBefore({
  id,
  entry,
}: {
  id: number;
  entry: HistoryEntry | undefined;
}): Place | 'nothing' | 'unknown' {
  if (id === 0) return 'nothing';
  if (entry === undefined) return 'unknown';
  return entry.removed === 1 ? 'nothing' : { id };
}

async function toItems(session: DatabaseSession, page: readonly Event[]): Promise<HistoryItem[]> {
  const ids = new Set<number>();
  for (const event of page) {
    if ('id' in event.of) ids.add(event.of.id);
    if (event.is === 'version' && typeof event.before === 'object' && 'id' in event.before)
      ids.add(event.before.id);
  }
  const versions = await historyVersions(session, [...ids]);
  const contentOf = (place: Place): Content =>
    'row' in place ? place.row : (versions.get(place.id) ?? EMPTY);
  return page.map((event): HistoryItem => {
    const content = contentOf(event.of);
    return {
      id: String(event.id),
      at: new Date(event.at).toISOString(),
      change: changeOf(event, contentOf),
      location: locationOf(content),
      entity: toWritten(content.entity),
      problems: parseDiagnostics(content.errors),
    };
  });
}

const EMPTY: Content = { entity: null, location_key: null, errors: null };

function changeOf(event: Event, contentOf: (place: Place) => Content): HistoryChange {
  if (event.is === 'removal') return 'removed';
  if (event.before === 'nothing') return 'added';
  if (event.before === 'unknown') return 'changed';
  return changeBetween(contentOf(event.before), contentOf(event.of));
}
