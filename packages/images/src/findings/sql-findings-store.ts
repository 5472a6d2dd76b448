/** The findings store in our own database: one row a finding, and the change log in the same transaction. */
import type { Database, DatabaseSession, SqlValue } from '@callboard/kernel';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Finding } from '../receive/finding.ts';
import { findingsError } from './errors.ts';
import {
  MAX_PAGE,
  type ChangeKind,
  type ChangeRecord,
  type FindingsFilter,
  type FindingsStore,
  type PutOutcome,
  type StoredFinding,
} from './findings-store.ts';
import { FINDING_CHANGES, type FindingsTables } from './migrations.ts';
import { contentIn, kindOf, versionOf } from './version.ts';

/** Records in one transaction; a storm of them does not keep others waiting. */
const BATCH = 500;

type Row = FindingsTables['images_findings'];
type Change = FindingsTables['images_finding_changes'];

const COLUMNS = [
  'id',
  'version',
  'scanner',
  'vulnerability',
  'severity',
  'status',
  'image_digest',
  'repository',
  'first_seen_at',
  'changed_at',
  'closed_at',
  'reopened',
  'finding',
] as const satisfies readonly (keyof Row)[];

const CHANGE_COLUMNS = ['seq', 'kind', 'at', 'before', 'after'] as const satisfies readonly (keyof Change)[];

export interface SqlFindingsStore extends FindingsStore {
  /** Drops changes from before a time (milliseconds since 1970), whoever has not read them; gives how many. */
  forgetChanges(options: { readonly before: number }): Promise<number>;
}

/** Needs the tables of `findingsMigrationSteps`. */
export function createSqlFindingsStore(database: Pick<Database, 'query' | 'transaction'>): SqlFindingsStore {
  const tables = tablesOf(database);
  return {
    put: async (findings, { at }) => {
      let total: PutOutcome = { added: 0, changed: 0, same: 0, stale: 0 };
      for (let start = 0; start < findings.length; start += BATCH) {
        const batch = findings.slice(start, start + BATCH);
        const outcome = await database.transaction((session) => putBatch(session, { batch, at }));
        total = {
          added: total.added + outcome.added,
          changed: total.changed + outcome.changed,
          same: total.same + outcome.same,
          stale: total.stale + outcome.stale,
        };
      }
      return total;
    },
    get: async (id) => {
      const row = await tables
        .selectFrom('images_findings')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : toStored(row);
    },
    list: async ({ limit = 100, cursor, ...filter }) => {
      const size = Math.min(Math.max(Math.trunc(limit), 1), MAX_PAGE);
      const from = cursor === undefined ? null : fromCursor(cursor);
      const asked = filtered(tables.selectFrom('images_findings').selectAll(), filter).orderBy('id');
      const rows = await (from === null ? asked : asked.where('id', '>', from)).limit(size + 1).execute();
      const items = rows.slice(0, size);
      const last = items.at(-1);
      const next = rows.length > size && last !== undefined ? toCursor(last.id) : null;
      return { items: items.map(toStored), next };
    },
    counts: async (filter = {}) => {
      const rows = await filtered(tables.selectFrom('images_findings'), filter)
        .select(({ fn }) => ['status', 'severity', fn.countAll().as('count')])
        .groupBy(['status', 'severity'])
        .orderBy('status')
        .orderBy('severity')
        .execute();
      return rows.map(({ status, severity, count }) => ({ status, severity, count: Number(count) }));
    },
    changes: async ({ after, limit }) => {
      const from = after === null ? 0 : parseSeq(after);
      const last = await lastSeq(tables);
      const rows = await tables
        .selectFrom('images_finding_changes')
        .selectAll()
        .where('seq', '>', from)
        .orderBy('seq')
        .limit(Math.max(Math.trunc(limit), 1))
        .execute();
      const [first] = rows;
      // Numbers have no gaps: what should follow and does not was forgotten, or is of another database.
      const follows = first === undefined ? last === from : first.seq === from + 1;
      if (!follows) throw forgotten(from);
      return rows.map(toChange);
    },
    forgetChanges: async ({ before }) => {
      const { numDeletedRows } = await tables
        .deleteFrom('images_finding_changes')
        .where('at', '<', before)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

async function putBatch(
  session: DatabaseSession,
  { batch, at }: { batch: readonly Finding[]; at: number },
): Promise<PutOutcome> {
  const tables = tablesOf(session);
  // Whoever puts at the same time waits here, so what is read below is not changed by another.
  await tables
    .updateTable('images_counters')
    .set((row) => ({ value: row.ref('value') }))
    .where('name', '=', FINDING_CHANGES)
    .execute();
  const ids = [...new Set(batch.map(({ id }) => id))];
  const found = await tables.selectFrom('images_findings').selectAll().where('id', 'in', ids).execute();
  const rows = new Map(found.map((row) => [row.id, row]));
  const touched = new Set<string>();
  const changes: Change[] = [];
  const outcome = { added: 0, changed: 0, same: 0, stale: 0 };
  const first = await lastSeq(tables);
  for (const finding of batch) {
    const before = rows.get(finding.id) ?? null;
    const version = versionOf(finding);
    if (before !== null && version <= before.version) {
      outcome.stale += 1;
      continue;
    }
    const isNew = before === null || contentIn(version) !== contentIn(before.version);
    const was = before === null || !isNew ? null : parseFinding(before.finding);
    const kind = kindOf(was, finding);
    const row = toRow(finding, { version, before, at, kind: isNew ? kind : null });
    rows.set(row.id, row);
    touched.add(row.id);
    if (before === null) outcome.added += 1;
    else if (isNew) outcome.changed += 1;
    else outcome.same += 1;
    if (!isNew) continue;
    const seq = first + changes.length + 1;
    changes.push({ seq, kind, at, before: before?.finding ?? null, after: row.finding });
  }
  await session.writeRows({
    table: 'images_findings',
    columns: COLUMNS,
    rows: [...rows.values()]
      .filter(({ id }) => touched.has(id))
      .map((row) => COLUMNS.map((column): SqlValue => row[column])),
    onConflict: { key: ['id'], update: COLUMNS.filter((column) => column !== 'id') },
  });
  if (changes.length === 0) return outcome;
  await session.writeRows({
    table: 'images_finding_changes',
    columns: CHANGE_COLUMNS,
    rows: changes.map((change) => CHANGE_COLUMNS.map((column): SqlValue => change[column])),
  });
  await tables
    .updateTable('images_counters')
    .set({ value: first + changes.length })
    .where('name', '=', FINDING_CHANGES)
    .execute();
  return outcome;
}

function toRow(
  finding: Finding,
  given: { version: string; before: Row | null; at: number; kind: ChangeKind | null },
): Row {
  const { version, before, at, kind } = given;
  return {
    id: finding.id,
    version,
    scanner: finding.scanner,
    vulnerability: finding.vulnerability,
    severity: finding.severity,
    status: finding.status,
    image_digest: finding.image.digest,
    repository: finding.image.repository,
    first_seen_at: before?.first_seen_at ?? at,
    changed_at: kind === null ? (before?.changed_at ?? at) : at,
    closed_at: closedAt(finding, { before, kind }),
    reopened: (before?.reopened ?? 0) + (kind === 'reopened' ? 1 : 0),
    finding: JSON.stringify(finding),
  };
}

/** The time of the record that closed it; a later one that only says so again does not move it. */
function closedAt(
  finding: Finding,
  { before, kind }: { before: Row | null; kind: ChangeKind | null },
): number | null {
  if (finding.status !== 'closed') return null;
  return kind === 'closed' || kind === 'added' ? finding.updatedAt : (before?.closed_at ?? finding.updatedAt);
}

function tablesOf(session: Pick<DatabaseSession, 'query'>): Kysely<FindingsTables> {
  return session.query.withTables<FindingsTables>();
}

async function lastSeq(tables: Kysely<FindingsTables>): Promise<number> {
  const { value } = await tables
    .selectFrom('images_counters')
    .select('value')
    .where('name', '=', FINDING_CHANGES)
    .executeTakeFirstOrThrow();
  return value;
}

function filtered<Selected>(
  query: SelectQueryBuilder<FindingsTables, 'images_findings', Selected>,
  { imageDigest, repository, vulnerability, scanner, statuses, severities }: FindingsFilter,
): SelectQueryBuilder<FindingsTables, 'images_findings', Selected> {
  let asked = query;
  if (imageDigest !== undefined) asked = asked.where('image_digest', '=', imageDigest);
  if (repository !== undefined) asked = asked.where('repository', '=', repository);
  if (vulnerability !== undefined) asked = asked.where('vulnerability', '=', vulnerability);
  if (scanner !== undefined) asked = asked.where('scanner', '=', scanner);
  // One of none is none, which databases do not agree how to write.
  if (statuses !== undefined)
    asked = asked.where((is) => is.or(statuses.map((one) => is('status', '=', one))));
  if (severities !== undefined) {
    asked = asked.where((is) => is.or(severities.map((one) => is('severity', '=', one))));
  }
  return asked;
}

function toStored(row: Row): StoredFinding {
  return {
    finding: parseFinding(row.finding),
    firstSeenAt: row.first_seen_at,
    changedAt: row.changed_at,
    closedAt: row.closed_at,
    reopened: row.reopened,
  };
}

function toChange({ seq, kind, at, before, after }: Change): ChangeRecord {
  return {
    seq: String(seq),
    kind,
    before: before === null ? null : parseFinding(before),
    after: parseFinding(after),
    at,
  };
}

// Only this file writes these columns, so what is in them is what they were made from.
const parseFinding = (json: string): Finding => JSON.parse(json);
const toCursor = (id: string): string => Buffer.from(id).toString('base64url');

function fromCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursor !== '' && toCursor(id) === cursor) return id;
  throw findingsError('images/bad-cursor', 'The cursor is none of this list. Begin without one.');
}

/** The number of a change. */
export function parseSeq(seq: string): number {
  if (/^\d{1,15}$/.test(seq)) return Number(seq);
  throw findingsError('images/bad-cursor', 'The sequence number is none of this store.');
}

const forgotten = (after: number): Error =>
  findingsError(
    'images/changes-forgotten',
    `The changes after ${after} are not in this database. Read the whole store, then go on with its last change.`,
  );
