/**
 * What is typed into a password input (`ui:widget: password`). Backstage keeps it with the values of the task, where others
 * read it. Here it is kept with the secrets, by the place of its field, and asterisks stand in the values; a step finds it
 * in `parameters` as ever.
 */
import { idOf, keysOf } from '@callboard/form';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';

/** What stands for a secret in values. */
export const MASK = '******';

/** Begins the name under which the secrets of a task hold a password: `password:/database/login`. */
const PREFIX = 'password:';

export interface TakenPasswords {
  /** With asterisks in place of passwords. */
  readonly values: JsonObject;
  /** By the names that they have among the secrets of a task. */
  readonly passwords: Readonly<Record<string, string>>;
}

/** @param paths keys from the root of the values; `*` stands for each item of a list */
export function takePasswords(values: JsonObject, paths: readonly (readonly string[])[]): TakenPasswords {
  const passwords: Record<string, string> = {};
  let kept = values;
  for (const { keys, value } of paths.flatMap((path) => textsAt(values, path))) {
    if (value === '') continue;
    passwords[`${PREFIX}${idOf(keys)}`] = value;
    kept = replaced(kept, { keys, value: MASK });
  }
  return { values: kept, passwords };
}

export function hasPasswords(secrets: Readonly<Record<string, string>>): boolean {
  return Object.keys(secrets).some((name) => name.startsWith(PREFIX));
}

/** The values as steps may see them: with the passwords that are among the secrets. */
export function withPasswords(values: JsonObject, secrets: Readonly<Record<string, string>>): JsonObject {
  return Object.entries(secrets).reduce((made, [name, value]) => {
    return name.startsWith(PREFIX)
      ? replaced(made, { keys: keysOf(name.slice(PREFIX.length)), value })
      : made;
  }, values);
}

/** The names of passwords that the values have asterisks for, and that are not among the secrets. */
export function missingPasswords(
  { values, secrets }: { readonly values: JsonObject; readonly secrets: Readonly<Record<string, string>> },
  paths: readonly (readonly string[])[],
): readonly string[] {
  return paths
    .flatMap((path) => textsAt(values, path))
    .filter(({ value }) => value === MASK)
    .map(({ keys }) => `${PREFIX}${idOf(keys)}`)
    .filter((name) => !Object.hasOwn(secrets, name));
}

/** The secrets of the template itself. */
export function withoutPasswords(
  secrets: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => !name.startsWith(PREFIX)));
}

interface Place {
  readonly keys: readonly string[];
  readonly value: string;
}

/** The texts that are at a path. */
function textsAt(values: JsonObject, path: readonly string[]): readonly Place[] {
  let found: readonly { readonly keys: readonly string[]; readonly value: JsonValue }[] = [
    { keys: [], value: values },
  ];
  for (const key of path) {
    found = found.flatMap(({ keys, value }) =>
      Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(([name, part]) =>
        (key === '*' || key === name) && part !== undefined ? [{ keys: [...keys, name], value: part }] : [],
      ),
    );
  }
  return found.flatMap(({ keys, value }) => (typeof value === 'string' ? [{ keys, value }] : []));
}

/** A copy with another text at a place; the same object when there is nothing. */
function replaced(values: JsonObject, place: Place): JsonObject {
  const made = replacedIn(values, place);
  return isJsonObject(made) ? made : values;
}

function replacedIn(of: JsonValue | undefined, { keys, value }: Place): JsonValue | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const below = { keys: rest, value };
  if (isList(of)) {
    return of.map((item, index) => (String(index) === key ? (replacedIn(item, below) ?? null) : item));
  }
  if (!isJsonObject(of) || !Object.hasOwn(of, key)) return of;
  return Object.fromEntries(
    Object.entries(of).map(([name, part]) => [name, name === key ? replacedIn(part, below) : part]),
  );
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}
