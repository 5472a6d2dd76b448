/**
 * The host's modules, where compiled extensions look for them: `globalThis[Symbol.for('callboard.host')].modules[name]`.
 * Each is a chunk that is loaded when the first extension needs it.
 */
import { isObject } from '@callboard/model';
import { asModule, commonJs } from './as-module.ts';

const HOST = Symbol.for('callboard.host');

type HostModule = Readonly<Record<string, unknown>>;

const LOADERS: Readonly<Record<string, () => Promise<object>>> = {
  react: async () => commonJs(await import('react')),
  'react-dom': async () => commonJs(await import('react-dom')),
  'react-dom/client': async () => commonJs(await import('react-dom/client')),
  'react/jsx-runtime': async () => commonJs(await import('react/jsx-runtime')),
  'react/jsx-dev-runtime': async () => (await import('./jsx-dev.ts')).jsxDev,
  'react-router-dom': () => import('./router.ts'),
  '@rjsf/utils': () => import('./rjsf-utils.ts'),
  '@rjsf/core': async () => (await import('./rjsf-core.ts')).rjsfCore,
  '@material-ui/core': () => import('./material.ts'),
  '@backstage/ui': () => import('./backstage-ui.ts'),
  '@backstage/plugin-scaffolder-react': async () =>
    (await import('../shims/scaffolder-react.ts')).scaffolderReact,
  '@backstage/plugin-scaffolder-react/alpha': async () =>
    (await import('../shims/scaffolder-react-alpha.tsx')).scaffolderReactAlpha,
  '@backstage/plugin-scaffolder': async () => (await import('../shims/scaffolder.ts')).scaffolder,
  '@backstage/core-plugin-api': async () => (await import('../shims/core-plugin-api.ts')).corePluginApi,
  '@backstage/core-plugin-api/alpha': async () => (await import('../shims/translation.ts')).translation,
  '@backstage/frontend-plugin-api': async () =>
    (await import('../shims/frontend-plugin-api.ts')).frontendPluginApi,
  '@backstage/core-components': async () => (await import('../shims/core-components.tsx')).coreComponents,
  '@backstage/plugin-catalog-react': async () => (await import('../shims/catalog-react.tsx')).catalogReact,
  '@backstage/plugin-catalog-react/alpha': async () =>
    (await import('../shims/catalog-react.tsx')).catalogReact,
  '@backstage/catalog-client': async () => (await import('../shims/catalog-client.ts')).catalogClient,
  '@backstage/catalog-model': async () => (await import('../shims/catalog-model.ts')).catalogModel,
  '@backstage/errors': async () => (await import('../shims/errors.ts')).errors,
  zod: () => import('./zod-4.ts'),
  'zod/v3': () => import('./zod-3.ts'),
  'zod/v4': () => import('./zod-4.ts'),
  'react-use': async () => (await import('../shims/react-use.ts')).reactUse,
};

/** Below these, each path is one export of the whole, as `react-use/esm/useAsync`. */
const OF_PARTS = ['react-use'];

/**
 * The modules that the host gives to extensions; the server compiles imports of them into look-ups, those below
 * @material-ui/core into look-ups in the whole. Whatever else a file imports has to lie beside it. A name that ends in
 * `/*` stands for every path below it.
 */
export const MODULE_NAMES: readonly string[] = [
  ...Object.keys(LOADERS),
  ...OF_PARTS.map((name) => `${name}/*`),
];

const loading = new Map<string, Promise<HostModule>>();

/**
 * Loads the modules of these names into the host. Rejects when the host has no such module, or its code cannot be had;
 * the next call tries again.
 */
export async function loadHost(needs: readonly string[]): Promise<void> {
  const modules = hostModules();
  await Promise.all(
    needs.map(async (name) => {
      modules[name] ??= await load(name);
    }),
  );
}

function load(name: string): Promise<HostModule> {
  const running = loading.get(name);
  if (running !== undefined) return running;
  const started = loadModule(name).catch((thrown: unknown) => {
    loading.delete(name);
    throw thrown;
  });
  loading.set(name, started);
  return started;
}

async function loadModule(name: string): Promise<HostModule> {
  const loader = LOADERS[name];
  if (loader !== undefined && Object.hasOwn(LOADERS, name)) {
    return asModule(name, await loader(), { open: /^react(?:-dom)?(?:\/|$)/.test(name) });
  }
  const root = OF_PARTS.find((known) => name.startsWith(`${known}/`));
  if (root === undefined) throw new Error(`The portal has no module “${name}” for extensions.`);
  return asModule(name, partOf(await load(root), name));
}

function partOf(whole: HostModule, name: string): object {
  const key = name.slice(name.lastIndexOf('/') + 1);
  if (!Object.hasOwn(whole, key)) throw new Error(`The portal has no module “${name}” for extensions.`);
  return { default: whole[key], [key]: whole[key] };
}

function hostModules(): Record<string, HostModule> {
  const host: unknown = Reflect.get(globalThis, HOST);
  if (isHost(host)) return host.modules;
  const modules: Record<string, HostModule> = Object.create(null);
  Reflect.set(globalThis, HOST, { modules });
  return modules;
}

function isHost(host: unknown): host is { readonly modules: Record<string, HostModule> } {
  return isObject(host) && 'modules' in host;
}
