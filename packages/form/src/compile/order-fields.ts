/**
 * The order in which everything that a field is made of comes before it. Rules that would make a field depend on itself are
 * named with the whole ring and left out; branches of the schema that do are followed as far as there is an order.
 */
import type { Diagnostic } from '@callboard/model';
import type { FieldId, FieldRules, GraphField } from '../graph.ts';
import { idOf, keysOf } from '../resolve/pointer.ts';
import { componentsOf } from './components.ts';
import { linksOf, type Link, type Making } from './links.ts';
import type { FieldTree } from './place-reads.ts';

/** From a field to those it depends on, with the place of the rule that says so; null where it is no rule. */
type Edges = ReadonlyMap<FieldId, Map<FieldId, string | null>>;

/** Dependencies of all fields together, and looks along them for rings. */
const MOST_EDGES = 100_000;
const MOST_LOOKS = 2_000_000;

interface Search {
  readonly edges: Edges;
  readonly component: ReadonlyMap<FieldId, number>;
  looks: number;
}

/** `fields`: in the order of the form. What they depend on is put in. */
export function orderFields(
  fields: readonly GraphField[],
  tree: FieldTree,
): { readonly fields: readonly GraphField[]; readonly diagnostics: readonly Diagnostic[] } {
  const ids = [...new Set(fields.map(({ id }) => id))];
  const edges: Edges = new Map(ids.map((id) => [id, new Map<FieldId, string | null>()]));
  for (const id of ids) {
    const whole = idOf(keysOf(id).slice(0, -1));
    if (edges.has(whole)) edges.get(id)?.set(whole, null);
  }
  const { links, left } = upTo(MOST_EDGES, linksOf(fields, tree));
  const byFrom = Map.groupBy(links, ({ from }) => from);
  const component = componentsOf(ids, (id) => [
    ...(edges.get(id)?.keys() ?? []),
    ...(byFrom.get(id) ?? []).flatMap(({ to }) => to),
  ]);
  const search: Search = { edges, component, looks: 0 };
  const diagnostics = left.map(({ at }) => tooMany(at));
  const dropped = new Set(left);
  const dependsOn = fields.map(() => new Set<FieldId>());
  for (const link of links) {
    const ring = ringThrough(link, search);
    if (link.rule === null) {
      if (ring !== null) continue;
    } else if (ring !== null || search.looks > MOST_LOOKS) {
      diagnostics.push(ring === null ? tooMany(link.at) : ringFound(ring, link, edges));
      dropped.add(link);
      continue;
    }
    for (const to of link.to) {
      dependsOn[link.field]?.add(to);
      if (edges.get(link.from)?.has(to) === false)
        edges.get(link.from)?.set(to, link.rule === null ? null : link.at);
    }
  }
  const rulesLeft = Map.groupBy(dropped, ({ field }) => field);
  const made = fields.map((field, index) => ({
    ...field,
    rules: withoutRules(field.rules, rulesLeft.get(index) ?? []),
    dependsOn: [...(dependsOn[index] ?? [])],
  }));
  const alternatives = Map.groupBy(made, ({ id }) => id);
  return { fields: inOrder(ids, edges).flatMap((id) => alternatives.get(id) ?? []), diagnostics };
}

function upTo(
  most: number,
  links: readonly Link[],
): { readonly links: readonly Link[]; readonly left: readonly Link[] } {
  let count = 0;
  const isOver = (link: Link): boolean => {
    count += link.to.length;
    return count > most;
  };
  const { true: left = [], false: kept = [] } = Object.groupBy(links, (link) => String(isOver(link)));
  return { links: kept, left };
}

/** The ring that a link would close: fields each of which depends on the next, and the last on the first. */
function ringThrough({ from, to }: Link, search: Search): readonly FieldId[] | null {
  if (to.includes(from)) return [from];
  const { edges, component } = search;
  const own = component.get(from);
  const cameFrom = new Map<FieldId, FieldId | null>();
  const waiting: FieldId[] = [];
  const meet = (id: FieldId, before: FieldId | null): void => {
    search.looks += 1;
    if (component.get(id) !== own || cameFrom.has(id)) return;
    cameFrom.set(id, before);
    waiting.push(id);
  };
  for (const id of to) meet(id, null);
  // Breadth first, for the shortest ring.
  for (let index = 0; index < waiting.length && search.looks <= MOST_LOOKS; index += 1) {
    const id = waiting[index] ?? '';
    if (id === from) return ringTo(from, cameFrom);
    for (const next of edges.get(id)?.keys() ?? []) meet(next, id);
  }
  return null;
}

function ringTo(from: FieldId, cameFrom: ReadonlyMap<FieldId, FieldId | null>): readonly FieldId[] {
  const ring: FieldId[] = [];
  for (let id = cameFrom.get(from) ?? null; id !== null; id = cameFrom.get(id) ?? null) ring.unshift(id);
  return [from, ...ring];
}

function ringFound(ring: readonly FieldId[], link: Link, edges: Edges): Diagnostic {
  const names = [...ring, link.from].map((id) => id.slice(1)).join(' → ');
  const reasons = ring.map((id, index) => {
    const next = ring[(index + 1) % ring.length] ?? id;
    const at = index === 0 ? link.at : edges.get(id)?.get(next);
    const name = id.slice(1);
    return typeof at === 'string'
      ? `${name} reads ${next.slice(1)} at ${at}`
      : `${name} stands in ${next.slice(1)}, or in a branch that looks at it`;
  });
  return {
    severity: 'error',
    code: 'form/cycle',
    summary: `Fields depend on each other in a ring: ${names}`,
    detail: `${reasons.join('; ')}. The first of these rules is left out; take one of them away.`,
    path: link.at,
  };
}

function tooMany(path: string): Diagnostic {
  const summary = 'A form has too many dependencies between its fields; this rule is left out';
  const detail = 'Name single fields in expressions rather than objects with many.';
  return { severity: 'error', code: 'form/too-large', summary, detail, path };
}

function withoutRules(rules: FieldRules | null, dropped: readonly Link[]): FieldRules | null {
  if (rules === null || dropped.length === 0) return rules;
  const nothing = dropped.flatMap(({ rule }): [Making, null][] => (rule === null ? [] : [[rule, null]]));
  return { ...rules, ...Object.fromEntries(nothing) };
}

/** Depth first, along the order of the form. There is no ring left. */
function inOrder(ids: readonly FieldId[], edges: Edges): readonly FieldId[] {
  const done = new Set<FieldId>();
  const order: FieldId[] = [];
  for (const start of ids) {
    const path = [{ id: start, left: (edges.get(start) ?? new Map<FieldId, null>()).keys() }];
    if (done.has(start)) continue;
    done.add(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left.next();
      if (next.done === true) {
        order.push(top.id);
        path.pop();
      } else if (!done.has(next.value)) {
        done.add(next.value);
        path.push({ id: next.value, left: (edges.get(next.value) ?? new Map<FieldId, null>()).keys() });
      }
    }
  }
  return order;
}
