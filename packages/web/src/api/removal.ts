/** What would go with an entity: the answer of `/entities/by-name/{kind}/{namespace}/{name}/removal`, and the deed. */
import { isObject, type EntityRef } from '@callboard/model';
import { namePath } from './catalog.ts';
import type { Client } from './client.ts';
import { listIn, numberIn, objectIn, textIn } from './entity.ts';

/** Who put the root location there: the API, the configuration, a provider, or nobody any more. */
export type RootKind = 'registered' | 'configured' | 'provider' | 'none';

const ROOT_KINDS: readonly RootKind[] = ['registered', 'configured', 'provider', 'none'];

export interface Losses {
  readonly total: number;
  /** The first of them, as references. */
  readonly refs: readonly string[];
}

export interface Removal {
  readonly root: string | null;
  readonly rootKind: RootKind;
  /** The registered location at the root. */
  readonly location: { readonly id: string; readonly target: string } | null;
  /** What goes when that location is unregistered. */
  readonly unregister: Losses;
  /** What goes when the entity alone is deleted now; it comes back while a source lists it. */
  readonly remove: Losses & { readonly comesBack: boolean };
}

export async function readRemoval(client: Client, ref: EntityRef, signal: AbortSignal): Promise<Removal> {
  return toRemoval(await client({ path: `${namePath(ref)}/removal`, signal }));
}

export async function unregisterLocation(client: Client, id: string): Promise<void> {
  await client({ path: `/api/catalog/locations/${encodeURIComponent(id)}`, method: 'DELETE' });
}

export async function deleteEntity(client: Client, uid: string): Promise<void> {
  await client({ path: `/api/catalog/entities/by-uid/${encodeURIComponent(uid)}`, method: 'DELETE' });
}

function toRemoval(answer: unknown): Removal {
  const location = objectIn(answer, 'location');
  const id = textIn(location, 'id');
  const remove = objectIn(answer, 'remove');
  return {
    root: textIn(answer, 'root'),
    rootKind: ROOT_KINDS.find((known) => known === textIn(answer, 'rootKind')) ?? 'none',
    location: id === null ? null : { id, target: textIn(location, 'target') ?? '' },
    unregister: toLosses(objectIn(answer, 'unregister')),
    remove: { ...toLosses(remove), comesBack: isObject(remove) && remove['comesBack'] === true },
  };
}

function toLosses(value: unknown): Losses {
  const refs = listIn(value, 'entityRefs').filter((ref) => typeof ref === 'string');
  return { total: numberIn(value, 'total'), refs };
}
