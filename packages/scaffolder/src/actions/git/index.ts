/** The actions that publish without a plugin: to any git server, and to Gitea. */
import type { Action } from '@callboard/plugin';
import type { GitActionsDeps } from './deps.ts';
import { createPublishGitAction } from './publish-git.ts';
import { createPublishGiteaAction } from './publish-gitea.ts';

export type { GitActionsDeps } from './deps.ts';

export function createGitActions(deps: GitActionsDeps): readonly Action[] {
  return [createPublishGitAction(deps), createPublishGiteaAction(deps)];
}
