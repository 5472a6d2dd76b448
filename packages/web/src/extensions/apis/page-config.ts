/** `configApiRef`: the part of the configuration that the server writes into the page, read as Backstage's Config. */
import { isObject, parseJson } from '@callboard/model';

export interface PageConfig {
  readonly has: (key: string) => boolean;
  readonly keys: () => readonly string[];
  readonly get: (key?: string) => unknown;
  readonly getOptional: (key?: string) => unknown;
  readonly getConfig: (key: string) => PageConfig;
  readonly getOptionalConfig: (key: string) => PageConfig | undefined;
  readonly getConfigArray: (key: string) => readonly PageConfig[];
  readonly getOptionalConfigArray: (key: string) => readonly PageConfig[] | undefined;
  readonly getNumber: (key: string) => number;
  readonly getOptionalNumber: (key: string) => number | undefined;
  readonly getBoolean: (key: string) => boolean;
  readonly getOptionalBoolean: (key: string) => boolean | undefined;
  readonly getString: (key: string) => string;
  readonly getOptionalString: (key: string) => string | undefined;
  readonly getStringArray: (key: string) => readonly string[];
  readonly getOptionalStringArray: (key: string) => readonly string[] | undefined;
}

/** `prefix`: where `data` stands, for messages. What is asked for as another type than it has is an error. */
export function createPageConfig(data: Readonly<Record<string, unknown>>, prefix = ''): PageConfig {
  const at = (key: string): string => (prefix === '' ? key : `${prefix}.${key}`);
  const find = (key: string): unknown => {
    let value: unknown = data;
    for (const part of key.split('.'))
      value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    return value ?? undefined;
  };
  function typed<T>(key: string, kind: string, accept: (value: unknown) => value is T): T | undefined {
    const value = find(key);
    if (value === undefined || accept(value)) return value;
    throw new TypeError(`The configuration has no ${kind} at “${at(key)}”: it is something else.`);
  }
  function wanted<T>(key: string, value: T | undefined): T {
    if (value !== undefined) return value;
    throw new Error(
      `The configuration of the page has no “${at(key)}”. Only what browsers may see is in it.`,
    );
  }
  const optionalConfig = (key: string): PageConfig | undefined => {
    const value = typed(key, 'object', isObject);
    return value === undefined ? undefined : createPageConfig(value, at(key));
  };
  const optionalConfigs = (key: string): readonly PageConfig[] | undefined =>
    typed(key, 'list of objects', isListOf(isObject))?.map((value, index) =>
      createPageConfig(value, `${at(key)}[${index}]`),
    );
  const number = (key: string): number | undefined => typed(key, 'number', isNumber);
  const boolean = (key: string): boolean | undefined => typed(key, 'true or false', isBoolean);
  const string = (key: string): string | undefined => typed(key, 'text', isString);
  const strings = (key: string): readonly string[] | undefined =>
    typed(key, 'list of texts', isListOf(isString));
  const optional = (key?: string): unknown => (key === undefined ? data : find(key));
  return {
    has: (key) => find(key) !== undefined,
    keys: () => Object.keys(data),
    get: (key) => wanted(key ?? '', optional(key)),
    getOptional: optional,
    getConfig: (key) => wanted(key, optionalConfig(key)),
    getOptionalConfig: optionalConfig,
    getConfigArray: (key) => wanted(key, optionalConfigs(key)),
    getOptionalConfigArray: optionalConfigs,
    getNumber: (key) => wanted(key, number(key)),
    getOptionalNumber: number,
    getBoolean: (key) => wanted(key, boolean(key)),
    getOptionalBoolean: boolean,
    getString: (key) => wanted(key, string(key)),
    getOptionalString: string,
    getStringArray: (key) => wanted(key, strings(key)),
    getOptionalStringArray: strings,
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isString = (value: unknown): value is string => typeof value === 'string';

function isListOf<T>(accept: (value: unknown) => value is T): (value: unknown) => value is readonly T[] {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(accept);
}

/** The configuration in the page's element, `[{context, data}]`: of several contexts the later ones win, key by key. */
export function pageConfigData(text: string | null): Readonly<Record<string, unknown>> {
  const contexts = parseJson(text ?? '');
  let merged: Readonly<Record<string, unknown>> = {};
  for (const context of Array.isArray(contexts) ? contexts : []) {
    if (isObject(context) && isObject(context['data'])) merged = merge(merged, context['data']);
  }
  return merged;
}

function merge(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const changed = Object.entries(after).map(([key, value]) => {
    const old = before[key];
    return [key, isObject(old) && isObject(value) ? merge(old, value) : value] as const;
  });
  return { ...before, ...Object.fromEntries(changed) };
}
