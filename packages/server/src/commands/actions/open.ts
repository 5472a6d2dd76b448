/** What the commands on actions work with; who wires the portal gives the function that opens it. */
import { CodedError } from '@callboard/kernel';
import { hasErrors, type Diagnostic, type JsonObject } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import { configSource, UsageError, type CommandContext } from '../context.ts';
import { problemText } from '../problems.ts';

export interface OpenedActions extends AsyncDisposable {
  readonly registry: {
    find(id: string): Action | null;
    /** Sorted by id. */
    list(): readonly Action[];
  };
  /** Of the configuration, the plugins and the files with actions. */
  readonly diagnostics: readonly Diagnostic[];
  /** A sentence or two on an id that nobody has. */
  explain(id: string): string;
  /** @throws CodedError that names each field that does not fit; `what` is how it calls the input's owner */
  check(action: Action, input: JsonObject, what: string): void;
}

export type OpenActions = (source: ReturnType<typeof configSource>) => Promise<OpenedActions>;

export const CONFIG_HELP = '  --config FILE    instead of app-config.yaml; repeatable, later ones win';

/** Opens the actions of a configuration, and tells on standard error what is wrong there. */
export async function openFor(
  open: OpenActions,
  context: CommandContext,
  config: readonly string[] | undefined,
): Promise<OpenedActions & { readonly failed: boolean }> {
  const { err, here } = context;
  const opened = await open(configSource(context, config));
  const { registry, diagnostics } = opened;
  await err.write(diagnostics.map((found) => problemText(found, { here, on: err })).join(''));
  return {
    registry,
    diagnostics,
    explain: (id) => opened.explain(id),
    check: (action, input, what) => opened.check(action, input, what),
    failed: hasErrors(diagnostics),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** The one argument that `describe` and `run` take. @throws UsageError */
export function readId(positionals: readonly string[]): string {
  const [id, ...others] = positionals;
  if (id === undefined || others.length > 0) {
    throw new UsageError('It takes the id of one action, as fetch:template');
  }
  return id;
}

/** @throws CodedError `scaffolder/unknown-action` */
export function findAction(opened: OpenedActions, id: string): Action {
  const action = opened.registry.find(id);
  if (action === null) throw new CodedError(404, 'scaffolder/unknown-action', opened.explain(id));
  return action;
}

/** Text that others wrote, without what steers a terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, ' ').trim();
}
