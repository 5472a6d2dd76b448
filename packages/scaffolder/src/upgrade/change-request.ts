/** An upgrade as one step of a task: the pull request or merge request that brings it into the repository. */
import { CodedError } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import type { Forge } from '@callboard/plugin';
import { TEMPLATE_API_VERSION, type TaskSpec } from '../template/template.ts';
import type { UpgradePlan } from './plan-upgrade.ts';

export interface ChangeRequest {
  /** Of one step. It takes all files of its workspace: `files` have to be there, and nothing else. */
  readonly spec: TaskSpec;
  /** Paths in `plan.files` to write into the workspace. */
  readonly files: readonly string[];
}

/**
 * What to run to open it. Conflicts are listed in its description.
 * @throws CodedError 400 `scaffolder/no-change-request` for a forge without such an action, or one that cannot delete
 */
export function toChangeRequest(
  plan: Pick<UpgradePlan, 'changes' | 'conflicts' | 'version'>,
  target: {
    readonly forge: Forge['type'];
    /** As `publish:` actions take it: `github.com?owner=o&repo=r`. */
    readonly repoUrl: string;
    readonly templateRef: string;
    /** Default: the forge's default branch. */
    readonly targetBranch?: string;
  },
): ChangeRequest {
  const { changes, version } = plan;
  const { forge, repoUrl, templateRef, targetBranch } = target;
  const files = changes.filter(({ kind }) => kind !== 'deleted').map(({ path }) => path);
  const deletions = changes.flatMap(({ kind, path, from }) => {
    if (kind === 'deleted') return [path];
    return from === undefined ? [] : [from];
  });
  const name = templateRef.slice(templateRef.lastIndexOf('/') + 1);
  const input: JsonObject = {
    repoUrl,
    branchName: `callboard/upgrade-${slug(name)}-${slug(version)}`,
    title: `Upgrade to ${name} ${version}`,
    description: description(plan, templateRef),
    ...(targetBranch === undefined ? {} : { targetBranchName: targetBranch }),
  };
  if (forge === 'github') {
    return {
      files,
      spec: specOf('publish:github:pull-request', { ...input, filesToDelete: deletions, update: true }),
    };
  }
  if (forge === 'gitlab' && deletions.length === 0) {
    return { files, spec: specOf('publish:gitlab:merge-request', { ...input, commitAction: 'auto' }) };
  }
  const why =
    forge === 'gitlab'
      ? `The upgrade deletes ${deletions.join(', ')}, which a merge request of the action cannot`
      : `There is no action for pull requests of ${forge}`;
  throw new CodedError(400, 'scaffolder/no-change-request', `${why}. Write a patch file in its place.`);
}

function slug(text: string): string {
  return text.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
}

function specOf(action: string, input: JsonObject): TaskSpec {
  const step = { id: 'open', name: 'Open the request', action, input };
  return { apiVersion: TEMPLATE_API_VERSION, parameters: {}, steps: [step], output: { ...OUTPUT } };
}

const OUTPUT: JsonObject = {
  url: '${{ steps.open.output.remoteUrl or steps.open.output.mergeRequestUrl }}',
};

function description(
  { conflicts, version }: Pick<UpgradePlan, 'conflicts' | 'version'>,
  templateRef: string,
): string {
  const head = `Brings in what changed in ${templateRef} up to version ${version}.`;
  if (conflicts.length === 0) return head;
  const list = conflicts.map(({ path, summary }) => `- \`${path}\`: ${summary}`);
  return [head, '', 'To decide before it is merged:', ...list].join('\n');
}
