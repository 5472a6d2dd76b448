/** How the catalog is at work: the answer of `/api/catalog/status`. Durations are milliseconds. */
import { countFrom, listFrom, objectFrom } from './answer.ts';
import type { Client } from './client.ts';
import { isObject } from '@callboard/model';
import { dateIn, listIn, numberIn, objectIn, textIn } from './entity.ts';

export interface CatalogStatus {
  readonly startedAt: Date | null;
  readonly total: number;
  readonly byKind: readonly { readonly kind: string; readonly count: number }[];
  readonly byState: Readonly<Record<EntityState, number>>;
  readonly waiting: number;
  /** References of the Locations that are being read. */
  readonly reading: readonly string[];
  readonly stages: readonly Stage[];
  readonly sources: { readonly total: number; readonly failing: number; readonly items: readonly Source[] };
}

export type EntityState = 'ok' | 'failing' | 'stale' | 'orphaned' | 'pending';

export interface Stage {
  readonly name: string;
  readonly runs: number;
  readonly items: number;
  readonly failures: number;
  readonly totalMs: number;
  /** Null: it did not run yet. */
  readonly lastMs: number | null;
  readonly maxMs: number | null;
}

export interface Source {
  /** Of the Location entity, or of the provider. */
  readonly ref: string;
  readonly provider: string | null;
  readonly type: string | null;
  readonly target: string | null;
  readonly entities: number;
  readonly lastReadAt: Date | null;
  readonly lastChangedAt: Date | null;
  readonly nextReadAt: Date | null;
  /** Since the portal started, as `failures`. */
  readonly readings: number;
  readonly failures: number;
  readonly lastMs: number | null;
  readonly error: string | null;
}

export async function readStatus(
  client: Client,
  sources: { readonly offset: number; readonly limit: number },
  signal: AbortSignal,
): Promise<CatalogStatus> {
  const path = `/api/catalog/status?offset=${sources.offset}&limit=${sources.limit}`;
  return toStatus(await client({ path, signal }));
}

function toStatus(answer: unknown): CatalogStatus {
  const entities = objectFrom(answer, 'entities');
  const byState = objectIn(entities, 'byState');
  const queue = objectFrom(answer, 'queue');
  const sources = objectFrom(answer, 'sources');
  return {
    startedAt: dateIn(answer, 'startedAt'),
    total: countFrom(entities, 'total'),
    byKind: listIn(entities, 'byKind').flatMap((item) => {
      const kind = textIn(item, 'value');
      return kind === null ? [] : [{ kind, count: numberIn(item, 'count') }];
    }),
    byState: {
      ok: numberIn(byState, 'ok'),
      failing: numberIn(byState, 'failing'),
      stale: numberIn(byState, 'stale'),
      orphaned: numberIn(byState, 'orphaned'),
      pending: numberIn(byState, 'pending'),
    },
    waiting: numberIn(queue, 'waiting'),
    reading: listIn(queue, 'reading').filter((ref) => typeof ref === 'string'),
    stages: listFrom(answer, 'stages').flatMap(toStage),
    sources: {
      total: countFrom(sources, 'total'),
      failing: numberIn(sources, 'failing'),
      items: listFrom(sources, 'items').map(toSource),
    },
  };
}

function toStage(value: unknown): readonly Stage[] {
  const name = textIn(value, 'name');
  if (name === null) return [];

  return [
    {
      name,
      runs: numberIn(value, 'runs'),
      items: numberIn(value, 'items'),
      failures: numberIn(value, 'failures'),
      totalMs: numberIn(value, 'totalMs'),
      lastMs: msIn(value, 'lastMs'),
      maxMs: msIn(value, 'maxMs'),
    },
  ];
}

function toSource(value: unknown): Source {
  return {
    ref: textIn(value, 'ref') ?? '',
    provider: textIn(value, 'provider'),
    type: textIn(value, 'type'),
    target: textIn(value, 'target'),
    entities: numberIn(value, 'entities'),
    lastReadAt: dateIn(value, 'lastReadAt'),
    lastChangedAt: dateIn(value, 'lastChangedAt'),
    nextReadAt: dateIn(value, 'nextReadAt'),
    readings: numberIn(value, 'readings'),
    failures: numberIn(value, 'failures'),
    lastMs: msIn(value, 'lastMs'),
    error: textIn(value, 'error'),
  };
}

function msIn(holder: unknown, key: string): number | null {
  const value = isObject(holder) ? holder[key] : undefined;
  return typeof value === 'number' ? value : null;
}
