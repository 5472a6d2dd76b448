/**
 * The engine of software templates without a portal around it, for the command line: the actions of the configuration, no
 * database, and a catalog with nothing in it.
 */
import { CodedError, createLog, createUrlReader } from '@callboard/kernel';
import { formatDiagnostic, hasErrors, type Diagnostic } from '@callboard/model';
import type { Git } from '@callboard/plugin';
import {
  createInputCheck,
  explainUnknownAction,
  openEngine,
  urlTreesOf,
  type CatalogPort,
  type EngineDeps,
  type TestOutside,
} from '@callboard/scaffolder/authoring';
import { createGit, withGitServers } from '@callboard/scaffolder/git';
import type { OpenActions } from './commands/actions/open.ts';
import type { configSource } from './commands/context.ts';
import type { OpenTemplating } from './commands/templates/room.ts';
import { createSecretList, loadPortalConfig, parseRooms } from './portal-config.ts';
import { resolveModule } from './scaffolder-room.ts';

type Source = ReturnType<typeof configSource>;

export const openTemplating: OpenTemplating = async (source) => {
  const { deps, diagnostics } = await readDeps(source);
  // Opened once for what is wrong with plugins and files; each test has one of its own.
  const opened = await openEngine(deps);
  const { log, now } = deps;
  return {
    engine: async (outside) => {
      const { actions, templating } =
        outside === undefined ? opened : await openEngine(cutOff(deps, outside));
      return { actions, templating, now, log };
    },
    environment: deps.settings.environment,
    fields: [],
    diagnostics: [...diagnostics, ...opened.diagnostics],
    [Symbol.asyncDispose]: async () => {},
  };
};

export const openActions: OpenActions = async (source) => {
  const { deps, diagnostics } = await readDeps(source);
  const { actions, diagnostics: found } = await openEngine(deps);
  const inputs = createInputCheck();
  return {
    registry: actions,
    diagnostics: [...diagnostics, ...found],
    explain: (id) => explainUnknownAction(actions, id),
    check: (action, input, what) => inputs.check(action, input, what),
    [Symbol.asyncDispose]: async () => {},
  };
};

/** @throws CodedError `server/config` when the configuration has errors */
async function readDeps(
  source: Source,
): Promise<{ readonly deps: EngineDeps; readonly diagnostics: readonly Diagnostic[] }> {
  const loaded = await loadPortalConfig(source);
  const { scaffolder, backend, reading, forges, gitFolders, diagnostics } = parseRooms(loaded, source);
  if (hasErrors(diagnostics)) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const message = `The configuration has errors:\n${errors.map(formatDiagnostic).join('\n')}`;
    throw new CodedError(500, 'server/config', message);
  }
  const git = createGit({ env: source.env, folders: gitFolders });
  const urls = withGitServers(createUrlReader(reading), { servers: forges, git });
  const deps: EngineDeps = {
    settings: scaffolder,
    catalog: NO_CATALOG,
    urls: urlTreesOf(urls),
    git,
    forges,
    fetch,
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
  return { deps, diagnostics: [] };
}

/** Nothing of it reaches anything but what a test has. */
function cutOff(deps: EngineDeps, { fetch: answer, urls, catalog }: TestOutside): EngineDeps {
  return { ...deps, fetch: answer, urls, catalog, git: NO_GIT, portal: { ...deps.portal, fetch: answer } };
}

const refuse = async (): Promise<never> => {
  throw new CodedError(
    501,
    'server/no-outside',
    'A test of a template pushes nothing. Say in "actions" what the step gives.',
  );
};
const NO_GIT: Git = { publish: refuse, pushBranch: refuse };

const nothing = async (): Promise<never> => {
  throw new CodedError(
    501,
    'server/no-catalog',
    'The command line has no catalog: this step needs a running portal.',
  );
};
const NO_CATALOG: CatalogPort = {
  entity: async () => null,
  ownershipOf: async (ref) => [ref],
  register: nothing,
  preview: nothing,
};
