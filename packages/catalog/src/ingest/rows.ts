/** What processing made of an entity, as the row that is stored. */
import { isObject, parseJson, type Diagnostic, type Entity } from '@callboard/model';
import { toStoredJson } from '../index/compose.ts';
import type { Processed } from '../process/pipeline.ts';
import type { EntityRow } from '../store/store.ts';
import type { CatalogCore } from './core.ts';
import type { Candidate } from './incoming.ts';

/** `old`: the row that is there, which keeps its uid, and its entity when the new version is not good. */
export function toRow(
  core: Pick<CatalogCore, 'idempotent' | 'newUid'>,
  candidate: Candidate,
  of: {
    readonly processed: Processed | undefined;
    readonly old: EntityRow | undefined;
    readonly now: number;
  },
): EntityRow {
  const { processed, old, now } = of;
  const problems = processed?.problems ?? [];
  const good = processed?.entity ?? null;
  const keepsInput = good === null || !core.idempotent || (processed?.refreshKeys.length ?? 0) > 0;
  return {
    uid: old?.uid ?? core.newUid(),
    ref: candidate.ref,
    location_key: candidate.locationKey,
    input: keepsInput ? candidate.inputText : null,
    input_hash: candidate.inputHash,
    entity: good === null ? (old?.entity ?? null) : storedJsonOf(good, candidate),
    emitted: good === null ? (old?.emitted ?? null) : toEmittedJson(candidate.ref, processed),
    errors: toErrors(problems, candidate, old?.errors ?? null),
    first_seen_at: old?.first_seen_at ?? now,
    processed_at: now,
    changed_at: now,
  };
}

/** Most entities leave processing as they came, and are not written as text twice. */
function storedJsonOf(entity: Entity, candidate: Candidate): string {
  return entity === candidate.entity ? candidate.inputText : toStoredJson(entity);
}

function toEmittedJson(ref: string, processed: Processed | undefined): string {
  const flat: string[] = [];
  for (const { sourceRef, type, targetRef } of processed?.relations ?? []) {
    flat.push(sourceRef === ref ? '' : sourceRef, type, targetRef === ref ? '' : targetRef);
  }
  return JSON.stringify(flat);
}

/**
 * Problems as they are kept and shown on the entity: diagnostics with the error name that clients know. What is made
 * again from the database has no document to find the lines in, so the same problems keep theirs.
 */
function toErrors(problems: readonly Diagnostic[], candidate: Candidate, old: string | null): string | null {
  if (problems.length === 0) return null;
  if (candidate.basis !== undefined && old !== null && gistOf(old) === gist(problems)) return old;
  const errors = problems.map((found) => ({
    name: 'InputError',
    message: found.summary,
    ...found,
    ...candidate.locate?.(found.path),
  }));
  return JSON.stringify(errors);
}

/** True when an entity became another one: not its relations alone, nor the lines of its problems. */
export function isOtherVersion(old: EntityRow, row: EntityRow): boolean {
  return (
    old.entity !== row.entity ||
    old.location_key !== row.location_key ||
    (old.errors !== row.errors && gistOf(old.errors) !== gistOf(row.errors))
  );
}

/** What stored problems say, wherever in the document they are. */
export function gistOf(errors: string | null): string {
  return gist(errors === null ? [] : parseJson(errors));
}

function gist(problems: unknown): string {
  const list: unknown[] = Array.isArray(problems) ? problems : [];
  return JSON.stringify(list.filter(isObject).map(({ code, summary, path }) => [code, summary, path]));
}
