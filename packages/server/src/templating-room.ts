/**
 * The engine of software templates without a portal around it, for the command line: the actions of the configuration, and
 * a catalog that can be read, of a running portal or of the database.
 */
import { existsSync } from 'node:fs';
import { CodedError, createLog, createUrlReader, type BackendSettings } from '@callboard/kernel';
import { formatDiagnostic, hasErrors, type Diagnostic } from '@callboard/model';
import type { Git } from '@callboard/plugin';
import {
  createInputCheck,
  explainUnknownAction,
  openEngine,
  urlTreesOf,
  sourceFailed,
  type Engine,
  type EngineDeps,
  type TestOutside,
} from '@callboard/scaffolder/authoring';
import { createGit, withGitServers } from '@callboard/scaffolder/git';
import type { OpenActions } from './commands/actions/open.ts';
import type { configSource } from './commands/context.ts';
import { createLazyCatalog, createPortalCatalog, type LazyCatalog } from './commands/templates/catalog.ts';
import type { PortalClient } from './commands/templates/portal.ts';
import type { OpenTemplating } from './commands/templates/room.ts';
import { createSecretList, loadPortalConfig, parseRooms } from './portal-config.ts';
import { resolveModule } from './scaffolder-room.ts';

type Source = ReturnType<typeof configSource>;

export const openTemplating: OpenTemplating = async (source, { portal } = { portal: null }) => {
  const { deps, diagnostics, catalog } = await readDeps(source, portal);
  // Opened once for what is wrong with plugins and files; each test has one of its own.
  const opened = await openEngine(deps);
  const { log, now } = deps;
  const engineOf = async (outside: TestOutside | undefined): Promise<Engine> =>
    outside === undefined ? opened : openEngine(cutOff(deps, outside));
  return {
    engine: async (outside) => {
      const { actions, templating, forms } = await engineOf(outside);
      return { actions, templating, forms, now, log };
    },
    environment: deps.settings.environment,
    fields: Object.keys(opened.fields),
    declarations: opened.fields,
    diagnostics: [...diagnostics, ...opened.diagnostics],
    [Symbol.asyncDispose]: () => catalog[Symbol.asyncDispose](),
  };
};

export const openActions: OpenActions = async (source) => {
  const { deps, diagnostics, catalog } = await readDeps(source, null);
  const { actions, diagnostics: found } = await openEngine(deps);
  const inputs = createInputCheck();
  return {
    registry: actions,
    diagnostics: [...diagnostics, ...found],
    explain: (id) => explainUnknownAction(actions, id),
    check: (action, input, what) => inputs.check(action, input, what),
    [Symbol.asyncDispose]: () => catalog[Symbol.asyncDispose](),
  };
};

/** @throws CodedError `server/config` when the configuration has errors */
async function readDeps(
  source: Source,
  portal: PortalClient | null,
): Promise<{
  readonly deps: EngineDeps;
  readonly diagnostics: readonly Diagnostic[];
  readonly catalog: LazyCatalog;
}> {
  const loaded = await loadPortalConfig(source);
  const { scaffolder, backend, reading, forges, gitFolders, diagnostics } = parseRooms(loaded, source);
  if (hasErrors(diagnostics)) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const message = `The configuration has errors:\n${errors.map(formatDiagnostic).join('\n')}`;
    throw new CodedError(500, 'server/config', message);
  }
  const git = createGit({ env: source.env, folders: gitFolders });
  const urls = withGitServers(createUrlReader(reading), { servers: forges, git });
  const catalog = createLazyCatalog(() => openDatabaseCatalog(source, backend));
  const deps: EngineDeps = {
    settings: scaffolder,
    catalog: portal === null ? catalog.catalog : createPortalCatalog(portal),
    urls: urlTreesOf(urls),
    git,
    forges,
    fetch,
    sources: NO_SOURCES,
    portal: { baseUrl: backend.baseUrl, fetch, tokenFor: async () => null },
    notifications: null,
    log: createLog({
      level: 'error',
      secrets: createSecretList(loaded.config),
      write: (line) => void process.stderr.write(line),
    }),
    now: Date.now,
    config: (key) => loaded.config.getOptional(key),
    resolve: (module) => resolveModule(module, source.cwd),
  };
  return { deps, diagnostics: [], catalog };
}

/**
 * Reads it beside a running portal. The code for it is loaded only then.
 * @throws CodedError 404 `server/no-database`: opening would make one
 */
async function openDatabaseCatalog(source: Source, { database }: BackendSettings) {
  if (database.client === 'sqlite' && !existsSync(database.file)) {
    const message =
      `There is no database at ${database.file}, so the catalog cannot be asked. Start the portal once, or name another ` +
      'configuration with --config; `templates run` and `templates upgrade` ask a running portal with --portal.';
    throw new CodedError(404, 'server/no-database', message);
  }
  const [{ openCatalog }, { createCatalogPort }] = await Promise.all([
    import('./main.ts'),
    import('./catalog-port.ts'),
  ]);
  const opened = await openCatalog({
    ...source,
    readOnly: true,
    write: (line) => void process.stderr.write(line),
  });
  return {
    catalog: createCatalogPort(opened.catalog),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** Nothing of it reaches anything but what a test has. */
function cutOff(deps: EngineDeps, { fetch: answer, urls, catalog, options }: TestOutside): EngineDeps {
  const { sources: _none, portal, ...rest } = deps;
  const lists = Object.entries(options).map(([name, list]) => [name, async () => list] as const);
  return {
    ...rest,
    fetch: answer,
    urls,
    catalog,
    git: NO_GIT,
    portal: { ...portal, fetch: answer },
    options: Object.fromEntries(lists),
  };
}

/** A form that is filled in on the command line has no portal to ask. */
const NO_SOURCES: NonNullable<EngineDeps['sources']> = {
  ask: async () => {
    throw sourceFailed(
      'Sources of forms are asked by a running portal only. Test the form with form.test.yaml, which has their answers.',
    );
  },
};

const refuse = async (): Promise<never> => {
  throw new CodedError(
    501,
    'server/no-outside',
    'A test of a template pushes nothing. Say in "actions" what the step gives.',
  );
};
const NO_GIT: Git = { publish: refuse, pushBranch: refuse };
