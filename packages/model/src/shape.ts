/**
 * Shapes: what a value may look like, declared as data and compiled once into a checking function.
 * They can say what the JSON schemas of the catalog kinds say, and no more, so that checking an entity is
 * a handful of comparisons.
 */
import { isObject } from './json.ts';
import { childPath, itemPath } from './path.ts';
import { quote, typeOf, type Problem } from './problem.ts';

export interface TextShape {
  readonly is: 'text';
  /** Unicode characters. Default: 1. */
  readonly minLength?: 0 | 1;
  /** Unicode characters. Default: no limit. */
  readonly maxLength?: number;
  /** The only values allowed. Default: any. */
  readonly oneOf?: readonly string[];
}

export interface ListShape {
  readonly is: 'list';
  readonly of: Shape;
  /** Default: 0. */
  readonly minItems?: 0 | 1;
}

export interface ObjectShape {
  readonly is: 'object';
  readonly required?: Readonly<Record<string, Shape>>;
  readonly optional?: Readonly<Record<string, Shape>>;
  /** The shape of members that are not named. Default: anything. */
  readonly others?: Shape;
}

/** One of several shapes, told apart by their type: there is one of each `is` at most. */
export interface EitherShape {
  readonly is: 'either';
  readonly of: readonly (TextShape | ListShape | ObjectShape | { readonly is: 'boolean' })[];
}

export type Shape = TextShape | ListShape | ObjectShape | EitherShape | { readonly is: 'boolean' };

/** The problems of a value that was found at the path; none when it is as the shape says. */
export type ShapeCheck = (value: unknown, path: string) => readonly Problem[];

const NO_PROBLEMS: readonly Problem[] = [];

/** Text that is not empty: what most fields hold. */
export const text: TextShape = { is: 'text' };
/** Text that may be empty. */
export const anyText: TextShape = { is: 'text', minLength: 0 };
/** A list of texts, none of them empty. */
export const texts: ListShape = { is: 'list', of: text };
/** Any mapping. */
export const anyObject: ObjectShape = { is: 'object' };

const NOUNS = { text: 'a string', list: 'a list', object: 'a mapping', boolean: 'true or false' } as const;

/** The check of a shape. Absent fields are `undefined`; `null` is a value, and never a good one. */
export function compileShape(shape: Shape): ShapeCheck {
  switch (shape.is) {
    case 'text':
      return compileText(shape);
    case 'boolean':
      return (value, path) =>
        typeof value === 'boolean' ? NO_PROBLEMS : [wrongType({ path, noun: NOUNS.boolean, value })];
    case 'list':
      return compileList(shape);
    case 'object':
      return compileObject(shape);
    case 'either':
      return compileEither(shape);
    default:
      return shape satisfies never;
  }
}

function compileText(shape: TextShape): ShapeCheck {
  const { minLength = 1, maxLength = Infinity, oneOf } = shape;
  return (value, path) => {
    if (typeof value !== 'string') return [wrongType({ path, noun: NOUNS.text, value })];
    if (value === '' && minLength > 0) return [emptyValue(path)];
    if (value.length > maxLength && Array.from(value).length > maxLength) {
      return [{ path, code: 'model/too-long', message: `${path} is longer than ${maxLength} characters.` }];
    }
    if (oneOf === undefined || oneOf.includes(value)) return NO_PROBLEMS;
    const hint = `Use one of: ${oneOf.join(', ')}.`;
    return [{ path, code: 'model/not-allowed', message: `${path} must not be ${quote(value)}.`, hint }];
  };
}

function compileList(shape: ListShape): ShapeCheck {
  const { minItems = 0 } = shape;
  const checkItem = compileShape(shape.of);
  const isGoodText = goodTextOf(shape.of);
  return (value, path) => {
    if (!Array.isArray(value)) return [wrongType({ path, noun: NOUNS.list, value })];
    const problems = value.length < minItems ? [emptyValue(path)] : [];
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (!isGoodText(item)) addAll(problems, checkItem(item, itemPath(path, index)));
    }
    return problems;
  };
}

function compileObject(shape: ObjectShape): ShapeCheck {
  const { required = {}, optional = {}, others } = shape;
  const members = [
    ...compileMembers(required).map((member) => ({ ...member, isRequired: true })),
    ...compileMembers(optional).map((member) => ({ ...member, isRequired: false })),
  ];
  const named = new Set(members.map((member) => member.key));
  const checkOther = others === undefined ? null : compileShape(others);
  const isGoodOther = others === undefined ? null : goodTextOf(others);
  return (value, path) => {
    if (!isObject(value)) return [wrongType({ path, noun: NOUNS.object, value })];
    const problems: Problem[] = [];
    for (const { key, isRequired, isGoodText, check } of members) {
      const member = value[key];
      if (isGoodText(member)) continue;
      if (member !== undefined) addAll(problems, check(member, childPath(path, key)));
      else if (isRequired) problems.push(missingField(childPath(path, key)));
    }
    if (checkOther === null || isGoodOther === null) return problems;
    for (const key of Object.keys(value)) {
      if (isGoodOther(value[key]) || named.has(key)) continue;
      addAll(problems, checkOther(value[key], childPath(path, key)));
    }
    return problems;
  };
}

function compileMembers(
  shapes: Readonly<Record<string, Shape>>,
): { key: string; isGoodText: (value: unknown) => boolean; check: ShapeCheck }[] {
  return Object.entries(shapes).map(([key, shape]) => ({
    key,
    isGoodText: goodTextOf(shape),
    check: compileShape(shape),
  }));
}

function compileEither(shape: EitherShape): ShapeCheck {
  const checks = new Map(shape.of.map((of) => [of.is, compileShape(of)]));
  const noun = shape.of.map((of) => NOUNS[of.is]).join(' or ');
  return (value, path) => {
    const name = shapeNameOf(value);
    const check = name === null ? undefined : checks.get(name);
    return check === undefined ? [wrongType({ path, noun, value })] : check(value, path);
  };
}

/**
 * A quick test that settles most values: true of texts that are surely good. What it is false of still has to
 * be checked, and needs a path, which costs more to make than the test.
 */
function goodTextOf(shape: Shape): (value: unknown) => boolean {
  const isPlain = shape.is === 'text' && shape.maxLength === undefined && shape.oneOf === undefined;
  if (!isPlain) return () => false;
  return (value) => typeof value === 'string' && value !== '';
}

/** Not a spread into `push`, which fails on long lists. */
function addAll(problems: Problem[], more: readonly Problem[]): void {
  for (const problem of more) problems.push(problem);
}

function shapeNameOf(value: unknown): keyof typeof NOUNS | null {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return 'list';
  return isObject(value) ? 'object' : null;
}

/** The problem of a required field that is absent. */
export function missingField(path: string): Problem {
  return { path, code: 'model/missing-field', message: `${path} is missing.` };
}

/** The problem of a value that is not what the noun says, such as `a string`. */
function wrongType(found: { path: string; noun: string; value: unknown }): Problem {
  const { path, noun, value } = found;
  const hint = wrongTypeHint(noun, value);
  return {
    path,
    code: 'model/wrong-type',
    message: `${path} must be ${noun}, but is ${typeOf(value)}.`,
    ...(hint === null ? {} : { hint }),
  };
}

function wrongTypeHint(noun: string, value: unknown): string | null {
  if (value === null) return 'Give it a value, or remove the line.';
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  if (noun === NOUNS.text && isScalar) return `Put the value in quotes: "${value}".`;
  if (noun === NOUNS.list && typeof value === 'string')
    return 'Write it as a list, also when it has one item.';
  return null;
}

/** The problem of a text or list that is empty. */
function emptyValue(path: string): Problem {
  return {
    path,
    code: 'model/empty-value',
    message: `${path} must not be empty.`,
    hint: 'Give it a value, or remove it.',
  };
}
