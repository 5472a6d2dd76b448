/**
 * The reader: typed access to configured values by dotted keys, with the semantics and the messages of
 * Backstage's ConfigReader. A view follows the configuration when that is reloaded. Differences: a later file
 * that replaces a text or number by an object hides it altogether, where Backstage would still complain, and
 * messages name the file that holds the value, where Backstage sometimes names the last one.
 */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '@callboard/model';
import { CodedError, messageOf } from '../error.ts';
import {
  acceptMap,
  acceptNumeric,
  acceptScalar,
  acceptString,
  typeName,
  wantedList,
  type Wanted,
} from './accept.ts';
import { DURATION_UNITS, isDurationUnit, parseDuration } from './duration.ts';
import { KEY_PART } from './environment.ts';
import { fromJson, isNull, nodeAt, toJson, type ConfigNode, type MapNode, type Place } from './tree.ts';

/** Where a value is written. Line and column are 1-based. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What all views of one configuration share. */
interface Store {
  root: MapNode;
  readonly listeners: Set<() => void>;
}

export class Config {
  readonly #store: Store;
  /** The object this view reads from; undefined when it is gone since a reload. */
  readonly #base: () => MapNode | undefined;
  /** The key of this view from the root, as messages show it. */
  readonly #prefix: string;

  private constructor(store: Store, base: () => MapNode | undefined, prefix: string) {
    this.#store = store;
    this.#base = base;
    this.#prefix = prefix;
  }

  /** A configuration of its own from a tree. */
  static fromTree(root: MapNode): Config {
    const store: Store = { root, listeners: new Set() };
    return new Config(store, () => store.root, '');
  }

  /** Whether there is a value; a null counts as none. */
  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /** The keys of this object that have a value. */
  keys(): string[] {
    const entries = [...(this.#base()?.entries ?? [])];
    return entries.filter(([, node]) => !isNull(node)).map(([key]) => key);
  }

  /** A fresh copy of the value, or of everything without a key. Throws when there is none. */
  get(key?: string): JsonValue {
    return this.#required(key ?? '', this.getOptional(key));
  }
  getOptional(key?: string): JsonValue | undefined {
    const node = this.#find(key ?? '');
    return node === undefined ? undefined : toJson(node);
  }

  /** A text that is not empty. */
  getString(key: string): string {
    return this.#required(key, this.getOptionalString(key));
  }
  getOptionalString(key: string): string | undefined {
    return this.#read(key, { expected: 'string', accept: acceptString })?.value;
  }

  /** A number, or a text that is one, such as `"8080"`. */
  getNumber(key: string): number {
    return this.#required(key, this.getOptionalNumber(key));
  }
  getOptionalNumber(key: string): number | undefined {
    const found = this.#read(key, { expected: 'number', accept: acceptNumeric });
    if (found === undefined) return undefined;
    if (typeof found.value === 'number') return found.value;
    const number = Number(found.value);
    if (Number.isFinite(number)) return number;
    throw this.#notConvertible(key, found.node, 'number');
  }

  /** A boolean, or one of y, yes, true, on, 1 and n, no, false, off, 0 in any case. */
  getBoolean(key: string): boolean {
    return this.#required(key, this.getOptionalBoolean(key));
  }
  getOptionalBoolean(key: string): boolean | undefined {
    const found = this.#read(key, { expected: 'boolean', accept: acceptScalar });
    if (found === undefined) return undefined;
    if (typeof found.value === 'boolean') return found.value;
    const text = String(found.value).trim();
    if (/^(?:y|yes|true|1|on)$/i.test(text)) return true;
    if (/^(?:n|no|false|0|off)$/i.test(text)) return false;
    throw this.#notConvertible(key, found.node, 'boolean');
  }

  /** A list of texts, none of them empty. */
  getStringArray(key: string): string[] {
    return this.#required(key, this.getOptionalStringArray(key));
  }
  getOptionalStringArray(key: string): string[] | undefined {
    const wanted = wantedList('string-array', acceptString);
    return this.#read(key, wanted)?.value;
  }

  /** A view of an object. It stays up to date when the configuration is reloaded. */
  getConfig(key: string): Config {
    return this.#required(key, this.getOptionalConfig(key));
  }
  getOptionalConfig(key: string): Config | undefined {
    const wanted = { expected: 'object', accept: acceptMap };
    if (this.#read(key, wanted) === undefined) return undefined;
    const base = (): MapNode | undefined => this.#read(key, wanted)?.value;
    return new Config(this.#store, base, this.#fullKey(key));
  }

  /** Views of the objects in a list. They stay as they are when the configuration is reloaded. */
  getConfigArray(key: string): Config[] {
    return this.#required(key, this.getOptionalConfigArray(key));
  }
  getOptionalConfigArray(key: string): Config[] | undefined {
    const items = this.#read(key, wantedList('object-array', acceptMap))?.value;
    return items?.map(
      (item, index) => new Config(this.#store, () => item, this.#fullKey(`${key}[${index}]`)),
    );
  }

  /**
   * A length of time in milliseconds, or null when there is no value. Forms: `5m`, `2 seconds`, `PT5M`,
   * `{ minutes: 5, seconds: 30 }`. Throws `config/invalid-duration` for anything else.
   */
  getOptionalDuration(key: string): number | null {
    const node = this.#find(key);
    if (node === undefined) return null;
    if (node.kind === 'scalar' && typeof node.value === 'string') {
      const text = this.getString(key);
      const parsed = parseDuration(text);
      if (parsed.kind === 'ok') return parsed.milliseconds;
      const message = `Invalid duration '${text.trim()}' in config at '${this.#fullKey(key)}'`;
      throw invalidDuration(`${message}, ${parsed.reason}`);
    }
    try {
      return sumUnits(this.getConfig(key));
    } catch (cause) {
      const message = `Failed to read duration from config at '${this.#fullKey(key)}'`;
      throw invalidDuration(`${message}, ${messageOf(cause)}`, cause);
    }
  }

  /** Calls `listener` after a reload changed any value. Returns the function that ends this. */
  subscribe(listener: () => void): () => void {
    const own = (): void => listener();
    this.#store.listeners.add(own);
    return () => {
      this.#store.listeners.delete(own);
    };
  }

  /**
   * Where a value is written: its key, or itself in a list (`a.b[0]`). Null when there is no such value or
   * when it comes from a variable or a default.
   */
  positionOf(key: string): Position | null {
    const base = this.#base();
    const steps = [...key.matchAll(/[^.[\]]+/g)].map(([step]) => step);
    const node = base === undefined ? null : nodeAt(base, steps);
    return node === null || isNull(node) ? null : toPosition(node.origin.place);
  }

  /** The values of this view with their origins, for checking and printing. */
  tree(): MapNode {
    const { origin } = this.#store.root;
    return this.#base() ?? { kind: 'map', entries: new Map(), origin };
  }

  /**
   * Takes over the values of another configuration and, if any value differs, tells the subscribers.
   * All of them are told; what they throw is thrown together afterwards, as an AggregateError.
   * Returns whether any value differs.
   */
  adopt(next: Config): boolean {
    const before = toJson(this.#store.root);
    this.#store.root = next.tree();
    if (isDeepStrictEqual(before, toJson(this.#store.root))) return false;
    const errors: unknown[] = [];
    // Listeners that subscribe others are not to lengthen the round.
    const told = [...this.#store.listeners];
    for (const listener of told) {
      try {
        listener();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, errors.map(messageOf).join('; '));
    return true;
  }

  /** The node at a key; a null, and anything below one, counts as no value. */
  #find(key: string): ConfigNode | undefined {
    const parts = key === '' ? [] : key.split('.');
    if (!parts.every((part) => KEY_PART.test(part))) {
      throw new CodedError(500, 'config/invalid-key', `Invalid config key '${key}'`);
    }
    let node: ConfigNode | undefined = this.#base();
    for (const [index, part] of parts.entries()) {
      if (node === undefined || isNull(node)) return undefined;
      if (node.kind !== 'map') throw this.#invalidType(parts.slice(0, index).join('.'), node, 'object');
      node = node.entries.get(part);
    }
    return node === undefined || isNull(node) ? undefined : node;
  }

  #read<T>(key: string, wanted: Wanted<T>): { readonly node: ConfigNode; readonly value: T } | undefined {
    const node = this.#find(key);
    if (node === undefined) return undefined;
    const value = wanted.accept(node);
    if (value !== undefined) return { node, value };
    const index = wanted.blame?.(node) ?? null;
    const item = index === null || node.kind !== 'list' ? undefined : node.items[index];
    if (item === undefined) throw this.#invalidType(key, node, wanted.expected);
    throw this.#invalidType(`${key}[${index}]`, item, wanted.expected);
  }

  #required<T>(key: string, value: T | undefined): T {
    if (value !== undefined) return value;
    const { source } = this.tree().origin;
    const message = `Missing required config value at '${this.#fullKey(key)}' in '${source}'`;
    throw new CodedError(500, 'config/missing', message);
  }

  #invalidType(key: string, node: ConfigNode, expected: string): CodedError {
    const { source } = node.origin;
    const message = `Invalid type in config for key '${this.#fullKey(key)}' in '${source}'`;
    return new CodedError(
      500,
      'config/invalid-type',
      `${message}, got ${typeName(node)}, wanted ${expected}`,
    );
  }

  #notConvertible(key: string, node: ConfigNode, expected: string): CodedError {
    const { source } = node.origin;
    const message = `Unable to convert config value for key '${this.#fullKey(key)}' in '${source}'`;
    return new CodedError(500, 'config/not-convertible', `${message} to a ${expected}`);
  }

  #fullKey(key: string): string {
    return this.#prefix === '' ? key : `${this.#prefix}.${key}`;
  }
}

/** A configuration from plain JSON, for tests and for tools; `source` is what messages call it. */
export function configFrom(data: JsonObject, source = 'mock-config'): Config {
  const origin = { layer: 0, source, place: { file: source } };
  const tree = fromJson(data, origin, []);
  return Config.fromTree(tree.kind === 'map' ? tree : { kind: 'map', entries: new Map(), origin });
}

function toPosition({ file, line, column }: Place): Position | null {
  return line === undefined || column === undefined ? null : { file, line, column };
}

function sumUnits(config: Config): number {
  const good = Object.keys(DURATION_UNITS)
    .map((unit) => `'${unit}'`)
    .join(', ');
  const unknown = config.keys().filter((key) => !isDurationUnit(key));
  let milliseconds = 0;
  let found = false;
  for (const [unit, factor] of Object.entries(DURATION_UNITS)) {
    const amount = config.getOptionalNumber(unit);
    if (amount === undefined) continue;
    found = true;
    milliseconds += amount * factor;
  }
  if (!found) throw invalidDuration(`Needs one or more of ${good}`);
  if (unknown.length > 0) {
    const bad = unknown.map((key) => `'${key}'`).join(', ');
    const what = unknown.length === 1 ? 'property' : 'properties';
    throw invalidDuration(`Unknown ${what} ${bad}; expected one or more of ${good}`);
  }
  if (milliseconds < 0) throw invalidDuration('Negative durations are not allowed');
  return milliseconds;
}

function invalidDuration(message: string, cause?: unknown): CodedError {
  return new CodedError(500, 'config/invalid-duration', message, cause === undefined ? {} : { cause });
}
