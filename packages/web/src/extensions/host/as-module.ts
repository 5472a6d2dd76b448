/**
 * What an extension gets for an import of the host's. A compiled extension copies the own properties of the object and
 * takes its prototype over (esbuild's interop of CommonJS), so whatever the host's module does not have is looked for in
 * the prototype: that one throws and says which export of which module is missing, instead of giving undefined.
 */
import { isObject } from '@callboard/model';

/** An extension uses something that the portal's own version of a module does not have. */
class MissingExportError extends Error {
  constructor(module: string, name: string) {
    super(
      `This portal's “${module}” has no “${name}”. Use something else, or put a package that has it beside the file.`,
    );
    this.name = 'MissingExportError';
  }
}

/** Asked of every object, by the language and by libraries, without anybody wanting an export of that name. */
const ASKED_OF_ALL = new Set([
  'then',
  'toJSON',
  '$$typeof',
  'prototype',
  'displayName',
  'nodeType',
  'asymmetricMatch',
]);

/**
 * @param members - a namespace, or the object that a CommonJS module exports. A function is its own `default`.
 * @returns an object with its members. Unless `open`, reading any other name throws; libraries ask React what it has.
 */
export function asModule(
  name: string,
  members: object,
  { open = false }: { readonly open?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const module: Record<string, unknown> = Object.create(open ? Object.prototype : guard(name));
  for (const key of Object.keys(members)) {
    // Getters are of no use: everything is loaded.
    Object.defineProperty(module, key, { value: Reflect.get(members, key), enumerable: true });
  }
  Object.defineProperty(module, '__esModule', { value: true });
  return module;
}

/** What a CommonJS module exports, whichever way the bundler hands it over. */
export function commonJs(namespace: object): object {
  const inner: unknown = Reflect.get(namespace, 'default');
  const exported = isObject(inner) ? inner : namespace;
  return { ...exported, default: exported };
}

function guard(name: string): object {
  return new Proxy(Object.create(null), {
    get(_target, key, receiver) {
      if (typeof key === 'symbol' || key in Object.prototype)
        return Reflect.get(Object.prototype, key, receiver);
      if (ASKED_OF_ALL.has(key)) return undefined;
      throw new MissingExportError(name, key);
    },
  });
}
