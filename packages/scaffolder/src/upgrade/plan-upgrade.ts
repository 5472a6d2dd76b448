/** What a newer version of a template would change in a repository that was made by it. Nothing is written. */
import { Buffer } from 'node:buffer';
import { CodedError } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { validateValues } from '../form/validate-values.ts';
import type { RunnerDeps } from '../run/create-runner.ts';
import { dryRun, type DryRunResult } from '../run/dry-run.ts';
import type { RunEnvironment } from '../run/run.ts';
import type { Template } from '../template/template.ts';
import { toTaskSpec } from '../template/to-task-spec.ts';
import type { FileTree } from './file-tree.ts';
import { mergeTrees, type MergedTree } from './merge-trees.ts';
import { patchOf } from './patch.ts';

export interface UpgradeRequest {
  /** As it is now. */
  readonly template: Template;
  /** Those that it was used with then, and what it asks for since. */
  readonly values: JsonObject;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly environment?: RunEnvironment;
  /** Who it is for: templates see it as `user`. */
  readonly user?: { readonly ref?: string };
  /** What the template wrote then. */
  readonly base: FileTree;
  /** The repository as it is. */
  readonly ours: FileTree;
  readonly signal?: AbortSignal;
}

export interface UpgradePlan extends MergedTree {
  /** Of the template. */
  readonly version: string;
  /** For `git apply`; empty when nothing changes. */
  readonly patch: Buffer;
  /** What the template writes now. */
  readonly theirs: FileTree;
}

/**
 * Renders the template by a dry-run, and merges what it writes into the repository.
 * @throws CodedError 400 `scaffolder/upgrade-values` when the template asks for more than it is given
 * @throws CodedError 400 `scaffolder/upgrade-failed` when a step of the dry-run fails
 */
export async function planUpgrade(deps: RunnerDeps, request: UpgradeRequest): Promise<UpgradePlan> {
  const { template, base, ours } = request;
  const theirs = await render(deps, request);
  const merged = mergeTrees(
    { base, ours, theirs },
    { ours: 'repository', theirs: `template ${template.version}` },
  );
  return { ...merged, version: template.version, theirs, patch: patchOf(ours, merged) };
}

async function render(deps: RunnerDeps, request: UpgradeRequest): Promise<FileTree> {
  const { template, values, secrets = {}, user, signal } = request;
  const { pages, secretsSchema, baseUrl, ref, version } = template;
  const checked = validateValues({ pages, values, secretsSchema, secrets });
  if (checked.errors.length > 0) {
    const said = checked.errors
      .map(({ stack }) => `  ${stack.replace(/^instance\.?/, '').trim()}`)
      .join('\n');
    const message = `${ref} in version ${version} asks for other values than it was used with; give them, too:\n${said}`;
    throw new CodedError(400, 'scaffolder/upgrade-values', message);
  }
  const result = await dryRun(deps, {
    spec: toTaskSpec({ template, values: checked.values, ...(user === undefined ? {} : { user }) }),
    secrets,
    environment: request.environment ?? { parameters: {}, secrets: {} },
    files: [],
    ...(baseUrl === null ? {} : { baseUrl }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.error !== undefined) {
    const { stepId, message } = result.error;
    const step = stepId === null ? '' : ` at the step '${stepId}'`;
    throw new CodedError(400, 'scaffolder/upgrade-failed', `A dry-run of ${ref} failed${step}: ${message}`);
  }
  return writtenBy(result);
}

/** The files that a dry-run left in its workspace. */
export function writtenBy({ directoryContents }: Pick<DryRunResult, 'directoryContents'>): FileTree {
  const files = directoryContents.map(({ path, base64Content, executable }) => {
    const content = Buffer.from(base64Content, 'base64');
    return [path, { content, mode: executable ? '100755' : '100644' }] as const;
  });
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
