/** Plugins of Backstage's first frontend system, as far as fields need them: they hand out what an extension shows. */
import { isObject } from '@callboard/model';

interface ShimPlugin {
  readonly getId: () => string;
  readonly getApis: () => readonly unknown[];
  readonly getFeatureFlags: () => readonly unknown[];
  /** What the extension shows: a component with its data. */
  readonly provide: (extension: unknown) => unknown;
  readonly routes: Readonly<Record<string, unknown>>;
  readonly externalRoutes: Readonly<Record<string, unknown>>;
}

export function createPlugin(options: {
  readonly id: string;
  readonly apis?: readonly unknown[];
  readonly routes?: Readonly<Record<string, unknown>>;
  readonly externalRoutes?: Readonly<Record<string, unknown>>;
}): ShimPlugin {
  const plugin: ShimPlugin = {
    getId: () => options.id,
    getApis: () => options.apis ?? [],
    getFeatureFlags: () => [],
    provide: (extension) => expose(extension, plugin),
    routes: options.routes ?? {},
    externalRoutes: options.externalRoutes ?? {},
  };
  return plugin;
}

/** Of `{expose(plugin)}`; anything else is itself. */
export function expose(extension: unknown, plugin: unknown): unknown {
  const method = isObject(extension) ? extension['expose'] : undefined;
  return typeof method === 'function' ? method.call(extension, plugin) : extension;
}
