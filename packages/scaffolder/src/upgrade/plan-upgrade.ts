/** What a newer version of a template would change in a repository that was made by it. Nothing is written. */
import { Buffer } from 'node:buffer';
import { CodedError } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import type { FormChecks } from '../form/check-form.ts';
import { toFormUser } from '../form/form-user.ts';
import type { RunnerDeps } from '../run/create-runner.ts';
import { dryRun, type DryRunResult } from '../run/dry-run.ts';
import type { RunEnvironment } from '../run/run.ts';
import type { TaskSpec, Template } from '../template/template.ts';
import { toTaskSpec } from '../template/to-task-spec.ts';
import type { FileTree } from './file-tree.ts';
import { mergeTrees, type MergedTree } from './merge-trees.ts';
import { patchOf } from './patch.ts';
import {
  chooseFolder,
  lenient,
  placeInRepository,
  recordPublishing,
  type PublishedFolder,
} from './published-folder.ts';

export interface UpgradeRequest {
  /** As it is now. */
  readonly template: Template;
  /** Those that it was used with then, and what it asks for since. */
  readonly values: JsonObject;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly environment?: RunEnvironment;
  /** Who it is for: templates see it as `user`. */
  readonly user?: { readonly ref?: string };
  /** The whole workspace as the template left it then. */
  readonly base: FileTree;
  /** The task that wrote it, which says what it published of that. Default: the same as the template does now. */
  readonly task?: TaskSpec;
  /** The repository as it is. */
  readonly ours: FileTree;
  /** Its addresses, as remotes or `host?owner=…&repo=…`: they tell when a template publishes several folders. Default: none. */
  readonly remotes?: readonly string[];
  /** The folder of the workspace that the repository is, then and now; `.` is all of it. Default: what the steps say. */
  readonly sourcePath?: string;
  readonly signal?: AbortSignal;
}

export interface UpgradePlan extends MergedTree {
  /** Of the template. */
  readonly version: string;
  /** For `git apply`; empty when nothing changes. */
  readonly patch: Buffer;
  /** What the template writes into the repository now. */
  readonly theirs: FileTree;
  /** Folder of the workspace that this is of; empty: all of it. */
  readonly sourcePath: string;
}

export interface UpgradeDeps extends RunnerDeps {
  readonly forms: Pick<FormChecks, 'check'>;
}

/**
 * Renders the template by a dry-run, and merges what it publishes of that into the repository.
 * @throws CodedError 400 `scaffolder/upgrade-values` when the template asks for more than it is given
 * @throws CodedError 400 `scaffolder/upgrade-failed` when a step of the dry-run fails
 * @throws CodedError 400 `scaffolder/upgrade-folder` when it is not clear which folder is published, or nothing is in it
 */
export async function planUpgrade(deps: UpgradeDeps, request: UpgradeRequest): Promise<UpgradePlan> {
  const { template, ours, remotes = [], sourcePath = null } = request;
  const { tree, published } = await render(deps, request);
  const now = chooseFolder(published, { remotes, sourcePath });
  const publishedThen = await foldersThen(deps, request);
  const then = publishedThen === null ? now : chooseFolder(publishedThen, { remotes, sourcePath });
  const theirs = placeInRepository(tree, { folder: now, what: `What ${template.ref} writes now` });
  const base = placeInRepository(request.base, { folder: then, what: 'What the template wrote then' });
  const merged = mergeTrees(
    { base, ours, theirs },
    { ours: 'repository', theirs: `template ${template.version}` },
  );
  const patch = patchOf(ours, merged);
  return { ...merged, version: template.version, theirs, patch, sourcePath: now.sourcePath };
}

/** Null when nobody knows: there is no task, or its steps cannot be followed any more. */
async function foldersThen(
  deps: RunnerDeps,
  { task, environment, signal }: UpgradeRequest,
): Promise<readonly PublishedFolder[] | null> {
  if (task === undefined) return null;
  const { actions, published } = recordPublishing(lenient(deps.actions));
  const { error } = await dryRun(
    { ...deps, actions },
    {
      spec: task,
      secrets: {},
      environment: environment ?? NO_ENVIRONMENT,
      files: [],
      ...(signal === undefined ? {} : { signal }),
    },
  );
  return error !== undefined && published.length === 0 ? null : published;
}

const NO_ENVIRONMENT: RunEnvironment = { parameters: {}, secrets: {} };

async function render(
  deps: UpgradeDeps,
  request: UpgradeRequest,
): Promise<{ readonly tree: FileTree; readonly published: readonly PublishedFolder[] }> {
  const { template, values, secrets = {}, user, signal } = request;
  const { baseUrl, ref, version } = template;
  const who = user?.ref ?? null;
  const checked = await deps.forms.check({
    template,
    values,
    secrets,
    user: toFormUser({ ref: who, ownership: who === null ? [] : [who] }, null),
    // What was chosen then was possible then; whoever runs the new steps is asked again.
    sources: 'none',
    signal: signal ?? new AbortController().signal,
  });
  if (checked.errors.length > 0) {
    const said = checked.errors
      .map(({ stack }) => `  ${stack.replace(/^instance\.?/, '').trim()}`)
      .join('\n');
    const message = `${ref} in version ${version} asks for other values than it was used with; give them, too:\n${said}`;
    throw new CodedError(400, 'scaffolder/upgrade-values', message);
  }
  const { actions, published } = recordPublishing(deps.actions);
  const result = await dryRun(
    { ...deps, actions },
    {
      spec: toTaskSpec({ template, values: checked.values, ...(user === undefined ? {} : { user }) }),
      secrets: { ...secrets, ...checked.passwords },
      environment: request.environment ?? NO_ENVIRONMENT,
      files: [],
      ...(baseUrl === null ? {} : { baseUrl }),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  if (result.error !== undefined) {
    const { stepId, message } = result.error;
    const step = stepId === null ? '' : ` at the step '${stepId}'`;
    throw new CodedError(400, 'scaffolder/upgrade-failed', `A dry-run of ${ref} failed${step}: ${message}`);
  }
  return { tree: writtenBy(result), published };
}

/** The files that a dry-run left in its workspace. */
export function writtenBy({ directoryContents }: Pick<DryRunResult, 'directoryContents'>): FileTree {
  const files = directoryContents.map(({ path, base64Content, executable }) => {
    const content = Buffer.from(base64Content, 'base64');
    return [path, { content, mode: executable ? '100755' : '100644' }] as const;
  });
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
