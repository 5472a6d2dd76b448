/**
 * Which values of the form an expression reads, told from its syntax tree. Each part of the tree stands for places of the
 * form; a place counts as read once something other than a path goes on with it. What is told is never less than what the
 * expression can read, so variables stand for everything that is ever put into them, wherever that happens.
 */
import type { FieldId } from '../graph.ts';
import { idOf, keysOf } from '../resolve/pointer.ts';
import { NATIVES } from './natives.ts';
import { nodeAt, nodesAt, pairsAt, textAt, type Node } from './syntax.ts';

export interface Inferred {
  readonly reads: readonly FieldId[];
  readonly readsOptions: boolean;
  readonly readsUser: boolean;
  /** It reads the form in a way that names no field. */
  readonly readsEverything: boolean;
  /** Names at its root that are nothing that expressions know. */
  readonly unknownNames: readonly string[];
}

/** What a part of the tree can stand for. */
type Place =
  | { readonly kind: 'root' | 'options' | 'user' }
  /** Of the values; '' for all of them. */
  | { readonly kind: 'form'; readonly id: FieldId };
type Places = readonly Place[];

const NOTHING: Places = [];
const ROOT: Places = [{ kind: 'root' }];
/** Rounds in which variables may still come to stand for more, as in `$x := $x.next`. */
const ROUNDS = 6;

interface Walk {
  readonly listId: FieldId | null;
  readonly variables: Map<string, Map<string, Place>>;
  readonly reads: Set<FieldId>;
  readonly unknown: Set<string>;
  /** What a variable is given is read at once: its places would never come to an end. */
  readonly isWide: boolean;
  /** It goes up with `%`, so each step of a path may be all that is read. */
  readonly goesUp: boolean;
  readsOptions: boolean;
  readsUser: boolean;
  readsEverything: boolean;
}

/** `listId`: pointer of the list item that `item` is, as `/regions/*`; null outside of lists. */
export function inferReads(root: Node, listId: FieldId | null): Inferred {
  const variables: Walk['variables'] = new Map();
  for (let round = 0; ; round += 1) {
    const before = sizeOf(variables);
    const isWide = round >= ROUNDS;
    const walk: Walk = {
      listId,
      variables: isWide ? new Map() : variables,
      reads: new Set(),
      unknown: new Set(),
      isWide,
      goesUp: JSON.stringify(root).includes('"type":"parent"'),
      readsOptions: false,
      readsUser: false,
      readsEverything: false,
    };
    read(placesOf(root, ROOT, walk), walk);
    if (!isWide && sizeOf(variables) !== before) continue;
    return {
      reads: [...walk.reads].filter((id) => !isCovered(id, walk.reads)),
      readsOptions: walk.readsOptions,
      readsUser: walk.readsUser,
      readsEverything: walk.readsEverything,
      unknownNames: [...walk.unknown],
    };
  }
}

/** Whether all of something that it stands in is read. */
function isCovered(id: FieldId, reads: ReadonlySet<FieldId>): boolean {
  const keys = keysOf(id);
  return keys.some((_, length) => length > 0 && reads.has(idOf(keys.slice(0, length))));
}

function sizeOf(variables: Walk['variables']): number {
  let size = 0;
  for (const places of variables.values()) size += places.size;
  return size;
}

/** All of the places is read. */
function read(places: Places, walk: Walk): void {
  for (const place of places) {
    switch (place.kind) {
      case 'root':
        walk.readsEverything = true;
        break;
      case 'form':
        if (place.id === '') walk.readsEverything = true;
        else walk.reads.add(place.id);
        break;
      case 'options':
        walk.readsOptions = true;
        break;
      case 'user':
        walk.readsUser = true;
        break;
      default:
        place satisfies never;
    }
  }
}

function readAll(nodes: readonly Node[], context: Places, walk: Walk): Places {
  for (const node of nodes) read(placesOf(node, context, walk), walk);
  return NOTHING;
}

/** What a part stands for, where `$` stands for `context`. What it reads on the way is added to the walk. */
function placesOf(node: Node, context: Places, walk: Walk): Places {
  let places = ofType(node, context, walk);
  for (const key of ['predicate', 'stages']) {
    for (const stage of nodesAt(node, key)) {
      const filter = nodeAt(stage, 'expr');
      if (filter === null) bind(textAt(stage, 'value'), NOTHING, walk);
      else read(placesOf(filter, places, walk), walk);
    }
  }
  const group = nodeAt(node, 'group');
  if (group !== null) {
    read(places.filter(isField), walk);
    for (const pair of pairsAt(group, 'lhs')) readAll(pair, places, walk);
    places = NOTHING;
  }
  return places;
}

function ofType(node: Node, context: Places, walk: Walk): Places {
  switch (node['type']) {
    case 'path':
      return ofPath(nodesAt(node, 'steps'), context, walk);
    case 'name':
      return context.flatMap((place) => below(place, textAt(node, 'value') ?? '', walk));
    case 'variable':
      return ofVariable(textAt(node, 'value') ?? '', context, walk);
    case 'bind': {
      const right = nodeAt(node, 'rhs');
      const places = right === null ? NOTHING : placesOf(right, context, walk);
      return bind(textAt(nodeAt(node, 'lhs') ?? {}, 'value'), places, walk);
    }
    case 'block':
      return nodesAt(node, 'expressions').reduce<Places>((_, part) => placesOf(part, context, walk), NOTHING);
    case 'condition': {
      readAll(existing(node, ['condition']), context, walk);
      return existing(node, ['then', 'else']).flatMap((part) => placesOf(part, context, walk));
    }
    case 'function':
    case 'partial':
      return ofCall(node, context, walk);
    case 'lambda':
      return readAll(existing(node, ['body']), context, walk);
    case 'transform':
      // What is changed was read when it was handed over.
      return readAll(existing(node, ['pattern', 'update', 'delete']), NOTHING, walk);
    case 'unary':
      for (const pair of pairsAt(node, 'lhs')) readAll(pair, context, walk);
      return readAll([...nodesAt(node, 'expressions'), ...existing(node, ['expression'])], context, walk);
    case 'binary':
    case 'apply':
      return readAll(existing(node, ['lhs', 'rhs']), context, walk);
    case 'sort': {
      const terms = nodesAt(node, 'terms').flatMap((term) => existing(term, ['expression']));
      readAll(terms, context, walk);
      return context;
    }
    case 'wildcard':
    case 'descendant':
    case 'parent':
      read(context, walk);
      return NOTHING;
    default:
      return NOTHING;
  }
}

function existing(node: Node, keys: readonly string[]): readonly Node[] {
  return keys.map((key) => nodeAt(node, key)).filter((part) => part !== null);
}

function ofPath(steps: readonly Node[], context: Places, walk: Walk): Places {
  let places = context;
  for (const [index, step] of steps.entries()) {
    // Taken once for each of what is there: so whether it is there is read too.
    if (!isAlong(step, index)) read(places.filter(isField), walk);
    const result = placesOf(step, places, walk);
    if (walk.goesUp) read(result, walk);
    bind(textAt(step, 'index'), NOTHING, walk);
    const focus = textAt(step, 'focus');
    if (focus === null) places = result;
    else {
      read(result.filter(isField), walk);
      bind(focus, result, walk);
    }
  }
  return places;
}

/** Whether the result of a step is part of what it starts from, or starts from elsewhere. */
function isAlong(step: Node, index: number): boolean {
  if (step['type'] === 'variable') return index === 0 || step['value'] === '';
  return ['name', 'sort', 'parent', 'wildcard', 'descendant'].includes(String(step['type']));
}

function isField(place: Place): boolean {
  return place.kind === 'form' && place.id !== '';
}

function ofVariable(name: string, context: Places, walk: Walk): Places {
  if (name === '') return context;
  if (name === '$') return ROOT;
  return [...(walk.variables.get(name)?.values() ?? [])];
}

function bind(name: string | null, places: Places, walk: Walk): Places {
  if (name === null) return places;
  if (walk.isWide) {
    read(places, walk);
    return NOTHING;
  }
  const held = walk.variables.get(name) ?? new Map<string, Place>();
  walk.variables.set(name, held);
  for (const place of places) held.set(place.kind === 'form' ? `form ${place.id}` : place.kind, place);
  return places;
}

/** What a name leads to. */
function below(place: Place, name: string, walk: Walk): Places {
  if (place.kind === 'form') return [{ kind: 'form', id: place.id + idOf([name]) }];
  if (place.kind !== 'root') return [place];
  switch (name) {
    case 'form':
    case 'current':
      return [{ kind: 'form', id: '' }];
    case 'item':
      return walk.listId === null ? NOTHING : [{ kind: 'form', id: walk.listId }];
    case 'options':
    case 'user':
      return [{ kind: name }];
    case 'value':
      return NOTHING;
    default:
      walk.unknown.add(name);
      return NOTHING;
  }
}

function ofCall(node: Node, context: Places, walk: Walk): Places {
  const called = nodeAt(node, 'procedure') ?? {};
  const given = nodesAt(node, 'arguments');
  const name = called['type'] === 'variable' && !isBound(called, walk) ? textAt(called, 'value') : null;
  const [first, second] = given;
  if (name === 'lookup' && first !== undefined && second?.['type'] === 'string' && given.length === 2) {
    return placesOf(first, context, walk).flatMap((place) =>
      below(place, textAt(second, 'value') ?? '', walk),
    );
  }
  if (name === null) placesOf(called, context, walk);
  const own = name === null ? undefined : NATIVES.get(name);
  if (own !== undefined && own !== null) {
    // A missing argument is `$`. No function takes an object for a text, so of objects only what has to be there counts.
    read(
      context.filter((place) => given.length < (isWhole(place) ? own.needed : own.most)),
      walk,
    );
  }
  return readAll(given, context, walk);
}

function isBound(variable: Node, walk: Walk): boolean {
  return walk.variables.has(textAt(variable, 'value') ?? '');
}

function isWhole(place: Place): boolean {
  return place.kind !== 'form' || keysOf(place.id).length === 0 || place.id.endsWith('/*');
}
