/** The versions of an entity: the answer of `/entities/by-name/{kind}/{namespace}/{name}/history`. */
import type { Diagnostic, Entity, EntityRef } from '@callboard/model';
import { listFrom, notAnswered } from './answer.ts';
import { namePath } from './catalog.ts';
import type { Client } from './client.ts';
import { dateIn, isEntity, listIn, textIn } from './entity.ts';
import { toDiagnostics } from './provenance.ts';

/** What a version is, compared with the one before it. */
export type Change = 'added' | 'changed' | 'failing' | 'repaired' | 'moved' | 'removed';

const CHANGES: readonly Change[] = ['added', 'changed', 'failing', 'repaired', 'moved', 'removed'];

export interface Version {
  readonly id: string;
  /** When it began; of `removed`: when the entity went. */
  readonly at: Date | null;
  readonly change: Change;
  /** Where it came from, as `file:/…`. */
  readonly location: string | null;
  /** As its source gave it; null when no version was good until then. */
  readonly entity: Entity | null;
  readonly problems: readonly Diagnostic[];
}

export interface VersionPage {
  /** The newest first. */
  readonly versions: readonly Version[];
  /** What the next page begins before; null on the last one. */
  readonly next: string | null;
}

/** Rejects with status 404 when the catalog never had such an entity. */
export async function readHistory(
  client: Client,
  asked: { readonly ref: EntityRef; readonly before: string | null; readonly limit: number },
  signal: AbortSignal,
): Promise<VersionPage> {
  const { ref, before, limit } = asked;
  const params = new URLSearchParams({ limit: String(limit), ...(before !== null && { before }) });
  return toVersionPage(await client({ path: `${namePath(ref)}/history?${params.toString()}`, signal }));
}

/** A change that this portal does not know is shown as `changed`. Throws an ApiError for versions that are none. */
function toVersionPage(answer: unknown): VersionPage {
  return { versions: listFrom(answer, 'items').map(toVersion), next: textIn(answer, 'next') };
}

function toVersion(value: unknown): Version {
  const id = textIn(value, 'id');
  if (id === null) throw notAnswered('a list of versions');
  const entity = toGiven(value);
  return {
    id,
    at: dateIn(value, 'at'),
    change: CHANGES.find((known) => known === textIn(value, 'change')) ?? 'changed',
    location: textIn(value, 'location'),
    entity: isEntity(entity) ? entity : null,
    problems: toDiagnostics(listIn(value, 'problems')),
  };
}

function toGiven(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'entity' in value ? value.entity : null;
}
