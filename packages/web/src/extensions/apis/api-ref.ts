/**
 * References to services, and the services behind them, as plugins of Backstage know them. Two references of one id are
 * the same, whichever module made them.
 */
import { isObject } from '@callboard/model';

export interface ApiRef {
  readonly $$type: '@backstage/ApiRef';
  readonly id: string;
  readonly description: string | undefined;
  readonly toString: () => string;
}

interface ApiRefOptions {
  readonly id: string;
  readonly description?: string;
}

interface ApiRefBuilder {
  readonly with: (options: ApiRefOptions) => ApiRef;
}

/** Both spellings: `createApiRef({id})`, and `createApiRef().with({id, pluginId})`. */
export function createApiRef(options: ApiRefOptions): ApiRef;
export function createApiRef(): ApiRefBuilder;
export function createApiRef(options?: ApiRefOptions): ApiRef | ApiRefBuilder {
  if (options === undefined) return { with: (given) => createApiRef(given) };
  const { id, description } = options;
  return { $$type: '@backstage/ApiRef', id, description, toString: () => `apiRef{${id}}` };
}

/** What validation functions get, and `useApiHolder()`. */
export interface ApiHolder {
  /** Undefined when there is no such service. */
  readonly get: (ref: unknown) => unknown;
}

/** Makes a service of an extension from others, when it is first wanted. */
export interface ApiFactory {
  readonly api: ApiRef;
  readonly deps: Readonly<Record<string, unknown>>;
  readonly factory: (deps: Readonly<Record<string, unknown>>) => unknown;
}

const services = new Map<string, unknown>();
const factories = new Map<string, ApiFactory>();
const made = new Map<string, unknown>();

/** Services by the id of their reference; those of the portal stand above those of extensions. */
export function provideApis(given: Readonly<Record<string, unknown>>): void {
  for (const [id, service] of Object.entries(given)) services.set(id, service);
}

/** A later factory of the same service takes the place of an earlier one, as when its file was changed. */
export function provideFactory(factory: ApiFactory): void {
  factories.set(factory.api.id, factory);
  made.delete(factory.api.id);
}

export const apiHolder: ApiHolder = {
  get(ref) {
    const id = idOf(ref);
    const known = services.get(id) ?? made.get(id);
    if (known !== undefined) return known;
    const factory = factories.get(id);
    if (factory === undefined) return undefined;
    const deps = Object.fromEntries(
      Object.entries(factory.deps).map(([name, dependency]) => [name, requireApi(dependency)]),
    );
    const service = factory.factory(deps);
    made.set(id, service);
    return service;
  },
};

/** Throws an error that names the service when the portal does not have it. */
export function requireApi(ref: unknown): unknown {
  const found = apiHolder.get(ref);
  if (found !== undefined) return found;
  throw new Error(
    `This portal has no service “${idOf(ref)}”. Export a factory for it (createApiFactory) from a file beside this one, or do without.`,
  );
}

function idOf(ref: unknown): string {
  const id = isObject(ref) ? ref['id'] : undefined;
  return typeof id === 'string' ? id : String(ref);
}
