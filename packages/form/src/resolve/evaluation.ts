/**
 * Evaluates expressions of fields, and remembers for each place what its expression gave for what it read. An expression is
 * shown only what it was found to read, so equal reads give equal results.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Expression, FieldId, FormUser, Option, Reason } from '../graph.ts';
import type { Draft } from './draft.ts';
import { createDraft } from './draft.ts';
import type { Evaluator, Outcome } from './language.ts';
import type { Shaped } from './shape-options.ts';
import { idOf, isList, jsonAt, keysOf, valueAt, type Keys } from './pointer.ts';

export interface Place {
  /** Of the field, with numbers. */
  readonly id: FieldId;
  readonly keys: Keys;
  /** Of the field in the graph, with `*`. */
  readonly graphKeys: Keys;
}

export interface Asked {
  readonly place: Place;
  readonly expression: Expression;
  readonly what: Reason['what'];
  readonly user: FormUser;
  readonly draft: Draft;
  readonly options?: readonly Option[];
  readonly value?: JsonValue | undefined;
  /** Where one rule is followed for several things at one place. Default: ''. */
  readonly variant?: string;
}

export interface Evaluated {
  readonly outcome: Outcome;
  readonly reason: Reason;
}

interface Slot extends Evaluated {
  readonly key: string;
}

/** What a rule reads of the form at a place: where the values are, and which of them belong to the list item. */
export interface Read {
  readonly keys: Keys;
  readonly id: FieldId;
  readonly isOfItem: boolean;
}

export interface Evaluation {
  /** At once when nothing that it reads changed. */
  readonly ask: (asked: Asked) => Promise<Evaluated> | Evaluated;
  /** What was made before of equal reads, or is made now. */
  readonly remember: (name: string, read: readonly unknown[], make: () => Promise<Shaped>) => Promise<Shaped>;
  readonly forget: () => void;
  readonly language: Evaluator;
}

/** So many results are kept; a form has a few for each field. */
const MOST_SLOTS = 20_000;

export function createEvaluation(language: Evaluator): Evaluation {
  const slots = new Map<string, Slot>();
  const shapes = new Map<string, { readonly key: string; readonly shaped: Shaped }>();
  const lists = new WeakMap<object, number>();
  let listCount = 0;
  const nameOf = (options: readonly Option[] | undefined): string => {
    if (options === undefined) return '';
    let name = lists.get(options);
    if (name === undefined) lists.set(options, (name = listCount += 1));
    return String(name);
  };
  return {
    ask(asked) {
      const { place, expression, draft, options, value, variant = '' } = asked;
      const reads = readsAt(expression.reads, place);
      const slotId = `${place.id} ${expression.at} ${variant} ${expression.text}`;
      const read = reads.map(({ keys }) => draft.get(keys));
      const key = [nameOf(options), keyOf(value), ...read.map(keyOf)].join('\n');
      const slot = slots.get(slotId);
      if (slot?.key === key) return slot;
      if (slots.size > MOST_SLOTS) slots.clear();
      return evaluate(language, asked, reads).then((evaluated) => {
        slots.set(slotId, { ...evaluated, key });
        return evaluated;
      });
    },
    async remember(name, read, make) {
      const key = read.map(keyOf).join('\n');
      const known = shapes.get(name);
      if (known?.key === key) return known.shaped;
      if (shapes.size > MOST_SLOTS) shapes.clear();
      const shaped = await make();
      shapes.set(name, { key, shaped });
      return shaped;
    },
    forget() {
      slots.clear();
      shapes.clear();
    },
    language,
  };
}

async function evaluate(language: Evaluator, asked: Asked, reads: readonly Read[]): Promise<Evaluated> {
  const { expression, options, user, value, what, draft } = asked;
  const { form, item } = projected(reads, asked.place, draft);
  const outcome = await language.evaluate(expression, {
    form,
    current: form,
    user,
    ...(item === null ? {} : { item }),
    ...(options === undefined ? {} : { options }),
    ...(value === undefined ? {} : { value }),
  });
  const reason: Reason = {
    what,
    text: expression.text,
    at: expression.at,
    result: 'value' in outcome ? outcome.value : undefined,
    read: Object.fromEntries(reads.map(({ id, keys }) => [id, jsonAt(draft.values(), keys)])),
    failure: 'failure' in outcome ? outcome.failure : null,
  };
  return { outcome, reason };
}

/** Where a field is in the values: once, or once for each item of the lists that it stands in. */
export function placesIn(values: JsonObject, graphKeys: Keys): readonly Place[] {
  if (!graphKeys.includes('*')) return [{ id: idOf(graphKeys), keys: graphKeys, graphKeys }];
  let found: Keys[] = [[]];
  for (const key of graphKeys) {
    found = found.flatMap((above) => {
      if (key !== '*') return [[...above, key]];
      const list = valueAt(values, above);
      return isList(list) ? list.map((_, index) => [...above, String(index)]) : [];
    });
  }
  return found.map((keys) => ({ id: idOf(keys), keys, graphKeys }));
}

/** Where a place finds what is read: `*` of its own list is its own item, any other list is read as a whole. */
export function readsAt(reads: readonly FieldId[], { keys, graphKeys }: Place): readonly Read[] {
  const stars = graphKeys.lastIndexOf('*');
  return reads.map((read) => {
    const found: string[] = [];
    let isOwn = true;
    let isOfItem = false;
    for (const [index, key] of keysOf(read).entries()) {
      isOwn &&= graphKeys[index] === key;
      if (key === '*' && !isOwn) break;
      if (key === '*' && index === stars) isOfItem = true;
      found.push(key === '*' ? (keys[index] ?? key) : key);
    }
    return { keys: found, id: idOf(found), isOfItem };
  });
}

/** The part of the form, and of the item, that is read. */
export function projected(
  reads: readonly Read[],
  { keys, graphKeys }: Place,
  draft: Draft,
): { readonly form: JsonObject; readonly item: JsonObject | null } {
  const form = createDraft({});
  const depth = graphKeys.lastIndexOf('*') + 1;
  const item = depth === 0 ? null : createDraft({});
  for (const read of reads) {
    if (read.isOfItem && read.keys.length > depth)
      copy(read.keys.slice(depth), draft.get(keys.slice(0, depth)), item);
    else if (!read.isOfItem) copy(read.keys, draft.values(), form);
  }
  return { form: form.values(), item: item?.values() ?? null };
}

function copy(keys: Keys, from: unknown, to: Draft | null): void {
  // What stands in a list is read with the whole list.
  const list = keys.findIndex((_, index) => isList(valueAt(from, keys.slice(0, index))));
  const end = list === -1 ? keys : keys.slice(0, list);
  const value = valueAt(from, end);
  if (value !== undefined) to?.set(end, value);
}

function keyOf(value: unknown): string {
  return value === undefined ? '' : (JSON.stringify(value) ?? '');
}
