/** Where patches are kept. Every change is made to what is stored at that moment, in a transaction. */
import { randomUUID } from 'node:crypto';
import type { Database, DatabaseSession } from '@callboard/kernel';
import type { ImageAt, Platform } from '../image/image.ts';
import type { PatchPage, PatchQuery } from '../images.ts';
import { groupKey } from '../plan/grouping.ts';
import { patchError } from './errors.ts';
import { isOpen, type PatchTables } from './migrations.ts';
import { PATCH_STATES, type Patch, type PatchState } from './patch.ts';

/** The base that a patch is of, and what it is called. */
export interface PatchTarget {
  readonly golden: string;
  readonly base: ImageAt;
  readonly platform: Platform;
}

/** What reports say of a base, as far as a patch tells it before it begins. */
export interface Received {
  readonly at: number;
  readonly published: number | null;
  readonly fixReleased: number | null;
  /** Identifiers of findings. */
  readonly findings: readonly string[];
}

export interface PatchStore {
  /** Makes the patch of a base, or adds what was received to the open one. */
  open(session: DatabaseSession, target: PatchTarget, received: Received): Promise<Patch>;
  /** The open patch of a base; null when there is none. */
  openOf(key: string, session?: DatabaseSession): Promise<Patch | null>;
  /** The newest patch of a base, open or not. */
  latestOf(key: string, session?: DatabaseSession): Promise<Patch | null>;
  /** @throws CodedError `images/patch-not-found` */
  get(id: string, session?: DatabaseSession): Promise<Patch>;
  list(query: PatchQuery): Promise<PatchPage>;
  /**
   * Changes what is stored, and gives what it is then.
   * @throws CodedError `images/patch-not-found`; `images/patch-state` when it becomes open beside another
   */
  change(session: DatabaseSession, id: string, change: (patch: Patch) => Partial<Patch>): Promise<Patch>;
  /** Identifiers of findings that came by reports about a base. */
  findingsOf(key: string): Promise<readonly string[]>;
  /** Whether something about the base came at this time (milliseconds since 1970) or later. */
  hasNews(session: DatabaseSession, of: { readonly key: string; readonly since: number }): Promise<boolean>;
  /** Whether a patch of the base was golden: where the base is golden again, somebody went back. */
  wasLeft(key: string): Promise<boolean>;
  counts(): Promise<readonly { readonly state: PatchState; readonly count: number }[]>;
  /** Every patch of the last so many, the newest first: for figures. */
  latest(limit: number): Promise<readonly Patch[]>;
}

/** What one patch at a time is made of. */
export function keyOf({ base, platform }: Pick<PatchTarget, 'base' | 'platform'>): string {
  return `${groupKey(base.digest, platform)}@${base.registry}/${base.repository}`;
}

const PAGE = 50;

export function createPatchStore(database: Database, now: () => number): PatchStore {
  const tablesOf = (session: Pick<DatabaseSession, 'query'>) => session.query.withTables<PatchTables>();
  const newestOf = async (key: string, session: DatabaseSession, onlyOpen: boolean) => {
    const query = tablesOf(session).selectFrom('images_patches').select('patch').where('key', '=', key);
    const row = await (onlyOpen ? query.where(isOpen) : query)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : fromJson(row.patch);
  };
  const change: PatchStore['change'] = async (session, id, make) => {
    const tables = tablesOf(session);
    const row = await tables
      .updateTable('images_patches')
      .set((is) => ({ version: is('version', '+', 1) }))
      .where('id', '=', id)
      .returning('patch')
      .executeTakeFirst();
    if (row === undefined) throw notFound(id);
    const before = fromJson(row.patch);
    const patch: Patch = { ...before, ...make(before), updatedAt: now() };
    if (isOpenState(patch.state) && !isOpenState(before.state)) {
      const other = await newestOf(keyOf(patch), session, true);
      if (other !== null && other.id !== id) {
        throw patchError(
          'images/patch-state',
          `Patch ${other.id} of the same image is open: see to that one.`,
        );
      }
    }
    await tables
      .updateTable('images_patches')
      .set({ state: patch.state, patch: JSON.stringify(patch) })
      .where('id', '=', id)
      .execute();
    return patch;
  };
  return {
    open: async (session, target, received) => {
      const key = keyOf(target);
      const fresh = newPatch(target, received, now());
      const { numInsertedOrUpdatedRows } = await tablesOf(session)
        .insertInto('images_patches')
        .values({
          id: fresh.id,
          key,
          golden: fresh.golden,
          state: fresh.state,
          created_at: fresh.createdAt,
          version: 0,
          patch: JSON.stringify(fresh),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (received.findings.length > 0) {
        await session.writeRows({
          table: 'images_patch_findings',
          columns: ['key', 'finding', 'at'],
          rows: received.findings.map((finding) => [key, finding, now()]),
          onConflict: { key: ['key', 'finding'], update: ['at'] },
        });
      }
      if (numInsertedOrUpdatedRows === 1n) return fresh;
      const there = await newestOf(key, session, true);
      if (there === null) throw new Error(`The open patch of ${key} is there and is not.`);
      const known = await tablesOf(session)
        .selectFrom('images_patch_findings')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('key', '=', key)
        .executeTakeFirstOrThrow();
      return change(session, there.id, ({ times, findings, records }) => ({
        // What a scan said counts more than how much was reported.
        findings: records.scan === undefined ? known.count : findings,
        times: {
          ...times,
          received: Math.min(times.received, received.at),
          published: earliest(times.published, received.published),
          fixReleased: earliest(times.fixReleased, received.fixReleased),
        },
      }));
    },
    openOf: (key, session = database) => newestOf(key, session, true),
    latestOf: (key, session = database) => newestOf(key, session, false),
    get: async (id, session = database) => {
      const row = await tablesOf(session)
        .selectFrom('images_patches')
        .select('patch')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) throw notFound(id);
      return fromJson(row.patch);
    },
    list: async ({ golden, states = PATCH_STATES, limit = PAGE, cursor }) => {
      let query = tablesOf(database)
        .selectFrom('images_patches')
        .select('patch')
        .where('state', 'in', states.length > 0 ? states : PATCH_STATES);
      if (golden !== undefined) query = query.where('golden', '=', golden);
      if (cursor !== undefined) query = query.where('id', '<', cursor);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map((row) => fromJson(row.patch));
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    change,
    findingsOf: async (key) => {
      const rows = await tablesOf(database)
        .selectFrom('images_patch_findings')
        .select('finding')
        .where('key', '=', key)
        .orderBy('finding')
        .execute();
      return rows.map(({ finding }) => finding);
    },
    hasNews: async (session, { key, since }) => {
      const row = await tablesOf(session)
        .selectFrom('images_patch_findings')
        .select('finding')
        .where('key', '=', key)
        .where('at', '>=', since)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    wasLeft: async (key) => {
      const row = await tablesOf(database)
        .selectFrom('images_patches')
        .select('id')
        .where('key', '=', key)
        .where('state', 'in', ['promoted', 'rolled-back'])
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    counts: () =>
      tablesOf(database)
        .selectFrom('images_patches')
        .select((select) => ['state', select.fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute(),
    latest: async (limit) => {
      const rows = await tablesOf(database)
        .selectFrom('images_patches')
        .select('patch')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ patch }) => fromJson(patch));
    },
  };
}

const OPEN: ReadonlySet<PatchState> = new Set(['waiting', 'running', 'awaiting-approval', 'parked']);

export function isOpenState(state: PatchState): boolean {
  return OPEN.has(state);
}

function newPatch({ golden, base, platform }: PatchTarget, received: Received, now: number): Patch {
  const { registry, repository, digest } = base;
  return {
    id: `${Math.trunc(now).toString(36).padStart(9, '0')}-${randomUUID().replaceAll('-', '').slice(0, 12)}`,
    golden,
    base: { registry, repository, digest },
    platform,
    state: 'waiting',
    stage: null,
    reason: null,
    job: null,
    times: {
      published: received.published,
      fixReleased: received.fixReleased,
      received: received.at,
      planned: null,
      built: null,
      proved: null,
      promoted: null,
      rolledOut: null,
    },
    createdAt: now,
    updatedAt: now,
    findings: received.findings.length,
    records: {},
    built: null,
    checks: null,
    fixable: null,
    gate: [],
    leftOver: [],
    approval: null,
    promotions: [],
    attestations: [],
  };
}

/** Without what a patch knows only from a run before. */
export function fromTheStart({ times }: Patch): Partial<Patch> {
  return {
    stage: null,
    reason: null,
    records: {},
    built: null,
    checks: null,
    fixable: null,
    gate: [],
    leftOver: [],
    approval: null,
    attestations: [],
    times: { ...times, planned: null, built: null, proved: null },
  };
}

export function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function fromJson(text: string): Patch {
  return JSON.parse(text);
}

function notFound(id: string): Error {
  return patchError('images/patch-not-found', `There is no patch ${JSON.stringify(id.slice(0, 60))}.`);
}
