/**
 * The bounds of an expression: how many steps it may take, and how much it may make. They are counted, not timed, so that
 * browser, server and command line agree on what is too much; a clock is the last resort only. JSONata calls back at each
 * step of its own, and its functions are wrapped, since they can do a lot within one.
 */
import { isObject } from '@callboard/model';
import { NATIVES } from './natives.ts';
import { powerOf } from './runaway-pattern.ts';
import { sizeOf } from './size-of.ts';

/** Characters, keys and values that something which an expression makes may have. */
export const LARGEST = 1_000_000;
/** Steps of an expression. */
const STEPS = 50_000;
/** More steps for each option, or item of the lists of an answer, since most rules look at each; for so many at most. */
const STEPS_PER_ITEM = 50;
const MOST_ITEMS = 10_000;
/** What is made costs a step for each of so many characters, keys and values. */
const SIZE_PER_STEP = 64;
/** Items of a list. */
const LONGEST_LIST = 100_000;
/** Characters of a text that a regular expression is tried on, by the power of the length that its time may grow with. */
const LONGEST_MATCHED = [100_000, 100_000, 5000, 500];
const LONGEST_MATCHED_OTHERS = 100;
/** Milliseconds. All steps that are allowed take less, even on a busy machine. */
const LAST_RESORT = 10_000;

const ENTRY = Symbol.for('jsonata.__evaluate_entry');
const EXIT = Symbol.for('jsonata.__evaluate_exit');

/** A parsed expression of JSONata. */
export interface Engine {
  readonly ast: () => unknown;
  readonly assign: (name: string, value: unknown) => void;
  readonly evaluate: (input: unknown) => Promise<unknown>;
}

export interface Bounds {
  /** Parses; throws what JSONata throws. */
  readonly prepare: (text: string) => Engine;
  /** Rejects with what JSONata threw, or with a sentence that says which bound was reached. */
  readonly run: (engine: Engine, input: unknown) => Promise<unknown>;
}

interface EngineOptions {
  readonly timeout: number;
  readonly sequence: number;
  readonly RegexEngine: RegExpConstructor;
}

/** What one evaluation has left, and the sizes of what was measured in it. */
interface Account {
  steps: number;
  readonly measured: WeakMap<object, number>;
}

class OutOfBounds extends Error {}

/** Of JSONata's, whose published types lack the names that are symbols. */
type Jsonata = (text: string, options: EngineOptions) => Engine;

export async function createBounds(jsonata: Jsonata): Promise<Bounds> {
  const accounts = new WeakMap<object, Account>();
  const options: EngineOptions = {
    timeout: LAST_RESORT,
    sequence: LONGEST_LIST,
    RegexEngine: new Proxy(RegExp, {
      construct: (_, [pattern]: readonly unknown[]) =>
        new BoundedRegExp(pattern instanceof RegExp ? pattern : ''),
    }),
  };
  const natives = await readNatives(jsonata, options);
  const accountOf = (environment: unknown): Account | null => {
    const base = isObject(environment) ? environment['base'] : undefined;
    if (!isObject(base)) return null;
    const known = accounts.get(base);
    if (known !== undefined) return known;
    const made: Account = { steps: stepsFor(environment), measured: new WeakMap() };
    accounts.set(base, made);
    return made;
  };
  const guarded = new Map(
    [...natives].map(([name, native]) => [name, guardNative(name, native, accountOf)] as const),
  );
  return {
    prepare: (text) => {
      const engine = jsonata(text, options);
      assign(engine, ENTRY, (_: unknown, __: unknown, environment: unknown) => {
        pay(accountOf(environment), 1);
      });
      assign(engine, EXIT, (node: unknown, _: unknown, environment: unknown, result: unknown) => {
        const account = accountOf(environment);
        if (account === null || !isObject(node)) return;
        if (MAKERS.has(String(node['type']))) payFor(result, account);
        else if (Array.isArray(result)) pay(account, Math.floor(result.length / SIZE_PER_STEP));
      });
      for (const [name, native] of guarded) engine.assign(name, native);
      return engine;
    },
    run: async (engine, input) => engine.evaluate(input),
  };
}

/** Parts of an expression that make something new. */
const MAKERS = new Set(['apply', 'binary', 'function', 'unary']);

function assign(engine: Engine, name: symbol, value: unknown): void {
  // JSONata's own way to be watched takes a symbol for a name.
  Reflect.apply(engine.assign, engine, [name, value]);
}

function stepsFor(environment: unknown): number {
  const lookup = isObject(environment) ? environment['lookup'] : undefined;
  const input: unknown = typeof lookup === 'function' ? Reflect.apply(lookup, environment, ['$']) : undefined;
  return STEPS + STEPS_PER_ITEM * Math.min(itemsIn(input, 2), MOST_ITEMS);
}

/** Of the lists in it, some levels down. */
function itemsIn(value: unknown, levels: number): number {
  if (Array.isArray(value)) return value.length;
  if (!isObject(value) || levels === 0) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + itemsIn(part, levels - 1), 0);
}

function pay(account: Account | null, steps: number): void {
  if (account === null) return;
  account.steps -= steps;
  if (account.steps >= 0) return;
  throw new OutOfBounds('it takes too many steps; look for a loop that does not end');
}

function payFor(made: unknown, account: Account): void {
  if (typeof made !== 'string' && (typeof made !== 'object' || made === null)) return;
  const size = sizeOf(made, account.measured);
  if (size > LARGEST) throw tooLarge();
  pay(account, Math.floor(size / SIZE_PER_STEP));
}

function tooLarge(): OutOfBounds {
  return new OutOfBounds('it makes something too large');
}

interface Native {
  readonly implementation: (...given: unknown[]) => unknown;
  readonly signature: unknown;
}

/** The functions of JSONata are kept inside of it, where only a running expression can look them up. */
async function readNatives(jsonata: Jsonata, options: EngineOptions): Promise<ReadonlyMap<string, Native>> {
  const found = new Map<string, Native>();
  const engine = jsonata('true', options);
  assign(engine, ENTRY, (_: unknown, __: unknown, environment: unknown) => {
    const lookup = isObject(environment) ? environment['lookup'] : undefined;
    if (typeof lookup !== 'function') return;
    for (const name of NATIVES.keys()) {
      const native: unknown = Reflect.apply(lookup, environment, [name]);
      if (isNative(native)) found.set(name, native);
    }
  });
  await engine.evaluate(null);
  return found;
}

function isNative(value: unknown): value is Native {
  return isObject(value) && typeof value['implementation'] === 'function';
}

function guardNative(
  name: string,
  { implementation, signature }: Native,
  accountOf: (environment: unknown) => Account | null,
): unknown {
  const run = function (this: unknown, ...given: unknown[]): unknown {
    const account = accountOf(isObject(this) ? this['environment'] : undefined);
    if (account !== null) {
      pay(account, 1);
      for (const one of given) payFor(one, account);
      if (wouldMake(name, given) > LARGEST) throw tooLarge();
    }
    if (name === 'toMillis') return toMillis(given);
    if (name === 'distinct' && Array.isArray(given[0])) {
      const [list] = given;
      if (isAllPlain(list)) return distinct(list, this);
      pay(account, Math.floor(list.length ** 2 / SIZE_PER_STEP));
    }
    const result: unknown = Reflect.apply(implementation, this, given);
    if (account !== null && typeof result === 'string') payFor(result, account);
    return result;
  };
  // JSONata counts the parameters of a function, and reads their names from its text.
  Object.defineProperty(run, 'length', { value: implementation.length });
  Object.defineProperty(run, 'toString', { value: () => implementation.toString() });
  return { _jsonata_function: true, implementation: run, signature };
}

/** Characters that a call may make at most, for those that make much of little. */
function wouldMake(name: string, given: readonly unknown[]): number {
  const [first, second, third] = given;
  switch (name) {
    case 'pad':
      return typeof second === 'number' ? Math.abs(second) : 0;
    case 'join': {
      const texts = Array.isArray(first) ? first : [];
      return (
        texts.reduce((sum: number, text: unknown) => sum + lengthOf(text), 0) +
        texts.length * lengthOf(second)
      );
    }
    case 'replace':
      // At worst each character is one that is replaced; what shrinks is no matter.
      return lengthOf(third) > 1 ? occurrences(lengthOf(first), second) * lengthOf(third) : 0;
    case 'formatNumber':
    case 'formatInteger':
    case 'fromMillis':
      return lengthOf(second) * 20;
    default:
      return 0;
  }
}

function occurrences(length: number, pattern: unknown): number {
  return typeof pattern === 'string' && pattern.length > 0 ? Math.floor(length / pattern.length) : length;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function isAllPlain(list: readonly unknown[]): boolean {
  return list.every((item) => typeof item !== 'object' || item === null);
}

/** JSONata compares each with each; texts and numbers need that not. `focus`: where it makes its own lists. */
function distinct(list: readonly unknown[], focus: unknown): unknown {
  if (list.length <= 1) return list;
  const items = [...new Set(list)];
  const make = isObject(focus) ? focus['createSequence'] : undefined;
  if (!('sequence' in list) || typeof make !== 'function') return items;
  const made: unknown = make();
  if (!Array.isArray(made)) return items;
  for (const item of items) made.push(item);
  return made;
}

/**
 * Of an ISO 8601 time, in UTC where it names no zone: JSONata takes the zone of the machine then. Its picture texts become
 * regular expressions that nobody bounds.
 */
function toMillis([time, picture]: readonly unknown[]): unknown {
  if (typeof time !== 'string') return undefined;
  const hasPicture = picture !== undefined;
  const millis = Date.parse(/T[\d:.,]+$/.test(time) ? `${time}Z` : time);
  if (!hasPicture && /^\d{4}(?:-\d\d){0,2}(?:T|$)/.test(time) && !Number.isNaN(millis)) return millis;
  throw new OutOfBounds('$toMillis takes times of ISO 8601 only, as 2026-03-01T10:30:00Z');
}

/** A regular expression that is not tried on texts so long that it would take seconds. */
class BoundedRegExp extends RegExp {
  readonly #longest = LONGEST_MATCHED[powerOf(this)] ?? LONGEST_MATCHED_OTHERS;

  override exec(text: string): RegExpExecArray | null {
    if (text.length <= this.#longest) return super.exec(text);
    throw new OutOfBounds(`it tries a regular expression on a text of more than ${this.#longest} characters`);
  }
}
