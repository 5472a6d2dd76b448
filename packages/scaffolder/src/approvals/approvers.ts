/**
 * Who may agree: users and groups as they are, entities of other kinds stand for their owner. And whether there are enough
 * people among them: a task must not wait for an answer that nobody can give.
 */
import { parseRef, stringifyRef, type Entity } from '@callboard/model';
import type { CatalogPort } from '../catalog-port.ts';
import type { ApprovalRule } from './approval.ts';

export type FoundApprovers =
  | {
      readonly kind: 'found';
      readonly approvers: readonly string[];
      /** References of the rule that lead to nobody. */
      readonly unknown: readonly string[];
    }
  /** `reason`: for the person whose task it is. */
  | { readonly kind: 'nobody'; readonly reason: string };

/** Groups and people that are looked at; with more, there will be enough. */
const MOST_LOOKED_AT = 300;

export async function findApprovers(
  catalog: Pick<CatalogPort, 'entity' | 'ownershipOf'>,
  rule: ApprovalRule,
  requestedBy: string | null,
): Promise<FoundApprovers> {
  const approvers = new Map<string, Entity>();
  const unknown: string[] = [];
  for (const ref of rule.by) {
    const found = await standingFor(catalog, ref);
    if (found === null) unknown.push(ref);
    else approvers.set(found.ref, found.entity);
  }
  const excluded = rule.allowRequester ? null : (requestedBy?.toLowerCase() ?? null);
  const people = await countPeople(catalog, approvers, { enough: rule.count, excluded });
  if (people >= rule.count) return { kind: 'found', approvers: [...approvers.keys()], unknown };
  return { kind: 'nobody', reason: reasonOf(rule, { unknown, people, excluded }) };
}

async function standingFor(
  catalog: Pick<CatalogPort, 'entity'>,
  ref: string,
): Promise<{ readonly ref: string; readonly entity: Entity } | null> {
  const entity = await catalog.entity(ref);
  if (entity === null) return null;
  if (isPerson(entity) || isGroup(entity)) return { ref, entity };
  const owner = ownerOf(entity);
  if (owner === null) return null;
  const owning = await catalog.entity(owner);
  return owning !== null && (isPerson(owning) || isGroup(owning)) ? { ref: owner, entity: owning } : null;
}

const isPerson = ({ kind }: Entity): boolean => kind.toLowerCase() === 'user';
const isGroup = ({ kind }: Entity): boolean => kind.toLowerCase() === 'group';

function ownerOf(entity: Entity): string | null {
  const [owner] = targetsOf(entity, 'ownedBy');
  if (owner !== undefined) return owner;
  const written = entity.spec?.['owner'];
  if (typeof written !== 'string') return null;
  const namespace = entity.metadata.namespace;
  const ref = parseRef(written, { kind: 'group', ...(namespace !== undefined && { namespace }) });
  return ref === null ? null : stringifyRef(ref);
}

function targetsOf(entity: Entity, type: string): readonly string[] {
  return (entity.relations ?? [])
    .filter((relation) => relation.type === type)
    .map(({ targetRef }) => targetRef.toLowerCase());
}

/** Counts no further than `enough`. Members of groups below count when their ownership says so. */
async function countPeople(
  catalog: Pick<CatalogPort, 'entity' | 'ownershipOf'>,
  approvers: ReadonlyMap<string, Entity>,
  { enough, excluded }: { readonly enough: number; readonly excluded: string | null },
): Promise<number> {
  const counted = new Set<string>();
  const looked = new Set<string>();
  const queue = [...approvers];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [ref, entity] = next;
    if (looked.has(ref)) continue;
    if (looked.size >= MOST_LOOKED_AT) return enough;
    looked.add(ref);
    if (isPerson(entity)) {
      if (approvers.has(ref) && ref !== excluded) counted.add(ref);
      if (counted.size >= enough) return enough;
      continue;
    }
    for (const member of targetsOf(entity, 'hasMember')) {
      if (member === excluded || counted.has(member)) continue;
      const ownership = await catalog.ownershipOf(member);
      if (ownership.some((owned) => approvers.has(owned.toLowerCase()))) counted.add(member);
      if (counted.size >= enough) return enough;
    }
    for (const child of targetsOf(entity, 'parentOf')) {
      const group = looked.has(child) ? null : await catalog.entity(child);
      if (group !== null) queue.push([child, group]);
    }
  }
  return counted.size;
}

function reasonOf(
  rule: ApprovalRule,
  {
    unknown,
    people,
    excluded,
  }: { readonly unknown: readonly string[]; readonly people: number; readonly excluded: string | null },
): string {
  const parts = [
    people === 0
      ? `Nobody can agree to this: ${rule.by.join(', ')} lead to no person who may`
      : `${rule.count} people have to agree to this, and only ${people} may`,
  ];
  if (unknown.length > 0) parts.push(`the catalog knows no approver for ${unknown.join(', ')}`);
  if (excluded !== null) parts.push('who asks for a task may not agree to it');
  return `${parts.join('; ')}. Correct the approval in the template, or the groups in the catalog, and try again.`;
}
