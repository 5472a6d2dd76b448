/**
 * Where an entity comes from: the answer of `/entities/by-name/{kind}/{namespace}/{name}/diagnostics`.
 * Times are ISO 8601 text on the wire and Dates here.
 */
import { isObject, type Diagnostic } from '@callboard/model';
import { listIn, textIn } from './entity.ts';

export type ProvenanceState = 'ok' | 'failing' | 'stale' | 'orphaned' | 'pending';

export interface ProvenanceSource {
  /** `location:default/x`, or `provider:config` for a root. */
  readonly ref: string;
  readonly target: string | null;
  readonly lastReadAt: Date | null;
  readonly lastChangedAt: Date | null;
  readonly nextReadAt: Date | null;
  readonly error: string | null;
}

export interface ProvenanceConflict {
  readonly location: string;
  readonly source: string;
  readonly seenAt: Date | null;
}

export interface Provenance {
  readonly entityRef: string;
  readonly state: ProvenanceState;
  readonly location: string | null;
  readonly originLocation: string | null;
  readonly locationKey: string | null;
  readonly firstSeenAt: Date | null;
  readonly lastProcessedAt: Date | null;
  /** Root first. */
  readonly sources: readonly ProvenanceSource[];
  readonly conflicts: readonly ProvenanceConflict[];
  readonly diagnostics: readonly Diagnostic[];
  /** What let it in; null when nothing did, or an older server does not say. */
  readonly rule: ProvenanceRule | null;
  /** `file`, `url` or the name of a provider. */
  readonly readBy: string | null;
  /** Names of what it went through, in order. */
  readonly processors: readonly string[];
  readonly uid: string | null;
  readonly etag: string | null;
}

export interface ProvenanceRule {
  /** Its position in `catalog.rules`; null when it stands elsewhere. */
  readonly index: number | null;
  readonly kinds: readonly string[];
  /** Where it lets them in from; null: from anywhere. */
  readonly locations: readonly ProvenanceRuleLocation[] | null;
  /** `catalog.rules[0]: allow Component, API` */
  readonly text: string;
}

export interface ProvenanceRuleLocation {
  readonly type: string;
  readonly exact: string | null;
  readonly pattern: string | null;
}

const STATES: readonly ProvenanceState[] = ['ok', 'failing', 'stale', 'orphaned', 'pending'];

/** Unknown states are shown as `pending`: the portal is older than the server. */
export function toProvenance(value: unknown): Provenance {
  const state = STATES.find((known) => known === textIn(value, 'state')) ?? 'pending';
  return {
    entityRef: textIn(value, 'entityRef') ?? '',
    state,
    location: textIn(value, 'location'),
    originLocation: textIn(value, 'originLocation'),
    locationKey: textIn(value, 'locationKey'),
    firstSeenAt: dateIn(value, 'firstSeenAt'),
    lastProcessedAt: dateIn(value, 'lastProcessedAt'),
    sources: rootFirst(listIn(value, 'sources').map(toSource)),
    conflicts: listIn(value, 'conflicts').map((conflict) => ({
      location: textIn(conflict, 'location') ?? '',
      source: textIn(conflict, 'source') ?? '',
      seenAt: dateIn(conflict, 'seenAt'),
    })),
    diagnostics: toDiagnostics(listIn(value, 'diagnostics')),
    rule: toRule(isObject(value) ? value['rule'] : null),
    readBy: textIn(value, 'readBy'),
    processors: textsIn(value, 'processors'),
    uid: textIn(value, 'uid'),
    etag: textIn(value, 'etag'),
  };
}

function toRule(value: unknown): ProvenanceRule | null {
  const text = textIn(value, 'text');
  if (!isObject(value) || text === null) return null;
  const { index, locations } = value;
  return {
    index: typeof index === 'number' ? index : null,
    kinds: textsIn(value, 'kinds'),
    locations: Array.isArray(locations) ? locations.map(toRuleLocation) : null,
    text,
  };
}

function toRuleLocation(value: unknown): ProvenanceRuleLocation {
  return {
    type: textIn(value, 'type') ?? '',
    exact: textIn(value, 'exact'),
    pattern: textIn(value, 'pattern'),
  };
}

function textsIn(holder: unknown, key: string): readonly string[] {
  return listIn(holder, key).filter((item) => typeof item === 'string');
}

function toSource(value: unknown): ProvenanceSource {
  return {
    ref: textIn(value, 'ref') ?? '',
    target: textIn(value, 'target'),
    lastReadAt: dateIn(value, 'lastReadAt'),
    lastChangedAt: dateIn(value, 'lastChangedAt'),
    nextReadAt: dateIn(value, 'nextReadAt'),
    error: textIn(value, 'error'),
  };
}

/** A chain is sent from the entity upwards; one that starts with its provider is the right way round. */
function rootFirst(sources: readonly ProvenanceSource[]): readonly ProvenanceSource[] {
  return sources[0]?.ref.startsWith('provider:') === true ? sources : sources.toReversed();
}

/** Those that are well formed. */
export function toDiagnostics(values: readonly unknown[]): readonly Diagnostic[] {
  return values.flatMap(toDiagnostic);
}

function toDiagnostic(value: unknown): readonly Diagnostic[] {
  const summary = textIn(value, 'summary');
  const severity = textIn(value, 'severity');
  if (!isObject(value) || summary === null) return [];
  const detail = textIn(value, 'detail');
  const file = textIn(value, 'file');
  const path = textIn(value, 'path');
  const { line, column } = value;
  return [
    {
      severity: severity === 'warning' || severity === 'info' ? severity : 'error',
      code: textIn(value, 'code') ?? '',
      summary,
      ...(detail !== null && { detail }),
      ...(file !== null && { file }),
      ...(path !== null && { path }),
      ...(typeof line === 'number' && { line }),
      ...(typeof column === 'number' && { column }),
    },
  ];
}

function dateIn(holder: unknown, key: string): Date | null {
  const date = new Date(textIn(holder, key) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
