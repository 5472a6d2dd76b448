/**
 * What it takes to run a template: actions, expressions, the runner, the linter. It is loaded when a template is first
 * looked at, so that a portal in which nobody does pays nothing for it. Tasks, dry-runs, tests and the command line share it.
 */
import type { Log } from '@callboard/kernel';
import type { Diagnostic, JsonValue } from '@callboard/model';
import type {
  Action,
  AutocompleteProvider,
  FieldDeclaration,
  Forge,
  Git,
  OptionsProvider,
  PluginContext,
  PluginParts,
} from '@callboard/plugin';
import { loadActionFiles } from './actions/action-files.ts';
import { createCatalogActions } from './actions/catalog/catalog-actions.ts';
import { createCommunityActions, type CommunityActionsDeps } from './actions/community/index.ts';
import { createActionRegistry, type AssembledActions } from './actions/create-registry.ts';
import { createDebugActions } from './actions/debug/debug-actions.ts';
import { createFetchActions } from './actions/fetch/fetch-actions.ts';
import type { UrlTrees } from './actions/fetch/url-trees.ts';
import { createFilesActions } from './actions/files/files-actions.ts';
import { createGitActions } from './actions/git/index.ts';
import {
  createNotificationActions,
  type NotificationPort,
} from './actions/notification/notification-actions.ts';
import type { CatalogPort } from './catalog-port.ts';
import { createTemplating, type Templating } from './expression/templating.ts';
import { createFormChecks, type FormChecks } from './form/check-form.ts';
import { requesterOf, type Requester } from './form/sources/requester.ts';
import { createSources, type Sources } from './form/sources/sources.ts';
import { lintTemplate, type LintRequest } from './lint/lint-template.ts';
import { createRunner, type RunnerDeps } from './run/create-runner.ts';
import { dryRun, type DryRunRequest, type DryRunResult } from './run/dry-run.ts';
import { createRuleRenderer } from './run/render-rule.ts';
import type { Runner } from './run/run.ts';
import type { ScaffolderSettings } from './settings.ts';
import type { RenderRule } from './tasks/gate.ts';

export interface EngineDeps {
  readonly settings: Pick<
    ScaffolderSettings,
    'author' | 'commitMessage' | 'environment' | 'actions' | 'plugins' | 'forms'
  >;
  readonly catalog: CatalogPort;
  readonly urls: UrlTrees;
  readonly git: Git;
  readonly forges: readonly Forge[];
  /** To APIs of hosts that the operator configured. */
  readonly fetch: typeof fetch;
  /** How sources of forms send their requests. Default: by `fetch`. */
  readonly request?: Requester;
  /** What forms choose from, by name. Default: what plugins list. */
  readonly options?: Readonly<Record<string, OptionsProvider>>;
  /** Who answers forms. Default: what the settings and plugins name. */
  readonly sources?: Sources;
  /** How `http:backstage:request` reaches the portal. */
  readonly portal: CommunityActionsDeps['portal'];
  /** Null: there is nothing to send notifications with. */
  readonly notifications: NotificationPort | null;
  readonly log: Log;
  readonly now: () => number;
  /** Of the configuration, for plugins. */
  readonly config: PluginContext['config'];
  /** The file of a module that `plugins` names; null when it is not installed. */
  readonly resolve: (module: string) => string | null;
  /** Called when a task has registered an entity. */
  readonly onRegistered?: (made: { readonly taskId: string; readonly entityRef: string }) => Promise<void>;
}

export interface Engine {
  readonly actions: AssembledActions;
  readonly templating: Templating;
  readonly runner: Runner;
  /** A runner with other actions, for tests of templates. */
  createRunner(actions: RunnerDeps['actions']): Runner;
  renderRule(...rule: Parameters<RenderRule>): JsonValue | undefined;
  readonly autocomplete: Readonly<Record<string, AutocompleteProvider>>;
  readonly forms: FormChecks;
  readonly sources: Sources;
  /** Of plugins, by the name that templates use. */
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
  /** By the name of the field: the id of the plugin that brings it. */
  readonly fieldPlugins: Readonly<Record<string, string>>;
  /** Files of plugins with fields that run in the browser. */
  readonly browser: readonly string[];
  dryRun(request: Omit<DryRunRequest, 'environment'>): Promise<DryRunResult>;
  lint(
    request: Omit<LintRequest, 'actions' | 'declarations' | 'filters' | 'globals'>,
  ): Promise<readonly Diagnostic[]>;
  /** What is wrong with files and plugins of the configuration; the rest of them works. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Never rejects for what is wrong with a file or a plugin. */
export async function openEngine(deps: EngineDeps): Promise<Engine> {
  const { settings, log, now } = deps;
  const named = settings.plugins.map((module) => ({ module, file: deps.resolve(module) }));
  const missing = named.filter(({ file }) => file === null).map(({ module }) => missingPlugin(module));
  const files = named.map(({ file }) => file).filter((file) => file !== null);
  const loaded = await loadActionFiles([...settings.actions, ...files]);
  const provisioned = await provisionAll(loaded.plugins, deps);
  const parts = provisioned.parts.map(({ parts: one }) => one);
  const filters = Object.assign({}, ...parts.map((one) => one.filters ?? {}));
  const globals = Object.assign({}, ...parts.map((one) => one.globals ?? {}));
  const templating = createTemplating({ filters, globals });
  const actions = createActionRegistry([
    { name: 'the portal', actions: portalActions(deps, templating) },
    ...provisioned.parts.map(({ name, parts: one }) => ({ name, actions: one.actions ?? [] })),
    ...loaded.sources,
  ]);
  const options: Readonly<Record<string, OptionsProvider>> = Object.assign(
    {},
    ...(deps.options === undefined ? parts.map((one) => one.options ?? {}) : [deps.options]),
  );
  const fields: Readonly<Record<string, FieldDeclaration>> = Object.assign(
    {},
    ...parts.map((one) => one.fields ?? {}),
  );
  const { catalog } = deps;
  const sources =
    deps.sources ??
    createSources({
      settings: settings.forms,
      catalog,
      providers: options,
      request: deps.request ?? requesterOf(deps.fetch),
      now,
    });
  const run: RunnerDeps = { actions, templating, now, log };
  const { environment } = settings;
  return {
    actions,
    templating,
    runner: createRunner(run),
    createRunner: (others) => createRunner({ ...run, actions: others }),
    renderRule: createRuleRenderer(templating),
    autocomplete: Object.assign({}, ...parts.map((one) => one.autocomplete ?? {})),
    forms: createFormChecks({ sources, declarations: fields, catalog }),
    sources,
    fields,
    fieldPlugins: Object.fromEntries(
      provisioned.parts.flatMap(({ id, parts: one }) =>
        Object.keys(one.fields ?? {}).map((field) => [field, id]),
      ),
    ),
    browser: parts.flatMap((one) => one.browser ?? []),
    dryRun: (request) => dryRun(run, { ...request, environment }),
    lint: (request) =>
      lintTemplate({
        ...request,
        actions,
        fields: [...Object.keys(fields), ...(request.fields ?? [])],
        declarations: fields,
        filters: Object.keys(filters),
        globals: Object.keys(globals),
      }),
    diagnostics: [...missing, ...loaded.diagnostics, ...provisioned.diagnostics, ...actions.diagnostics],
  };
}

function portalActions(deps: EngineDeps, templating: Templating): readonly Action[] {
  const { urls, catalog, git, forges, settings, portal, notifications, onRegistered } = deps;
  const defaults = { author: settings.author, message: settings.commitMessage };
  return [
    ...createFetchActions({ urls, templating }),
    ...createFilesActions(),
    ...createCatalogActions({ catalog, urls, ...(onRegistered !== undefined && { onRegistered }) }),
    ...createDebugActions(),
    ...createNotificationActions({ notifications }),
    ...createGitActions({ git, forges, fetch: deps.fetch, defaults }),
    ...createCommunityActions({ portal }),
  ];
}

interface ProvisionedPlugin {
  readonly id: string;
  /** For messages. */
  readonly name: string;
  readonly parts: PluginParts;
}

interface Provisioned {
  readonly parts: readonly ProvisionedPlugin[];
  readonly diagnostics: readonly Diagnostic[];
}

async function provisionAll(
  plugins: Awaited<ReturnType<typeof loadActionFiles>>['plugins'],
  { log, forges, git, config, fetch }: EngineDeps,
): Promise<Provisioned> {
  const parts: ProvisionedPlugin[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { file, plugin } of plugins) {
    const logger = log.child({ plugin: plugin.id });
    try {
      const context: PluginContext = { logger: toActionLogger(logger), forges, git, config, fetch };
      const { id } = plugin;
      parts.push({ id, name: `the plugin ${id}`, parts: await plugin.provision(context) });
    } catch (error) {
      diagnostics.push({
        severity: 'error',
        code: 'scaffolder/plugin-failed',
        summary: `The plugin ${plugin.id} could not be started: ${error instanceof Error ? error.message : String(error)}`,
        detail: 'The portal goes on without it.',
        file,
      });
    }
  }
  return { parts, diagnostics };
}

function toActionLogger(log: Log): PluginContext['logger'] {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: object): void =>
      log[level](message, { ...fields });
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => toActionLogger(log.child({ ...fields })),
  };
}

function missingPlugin(module: string): Diagnostic {
  return {
    severity: 'error',
    code: 'scaffolder/plugin-missing',
    summary: `The plugin ${module} is not installed.`,
    detail: `Install it beside the portal (npm install ${module}), or take it out of "plugins".`,
  };
}
