/** What the parts of a repository's place are called at its forge. */
import { textIn } from '../../../api/entity.ts';
import { messages } from '../messages.ts';
import type { Forge, RepoPart } from './repo-url.ts';

export interface PartWords {
  readonly title: string;
  readonly hint: string;
}

/** `options`: of the field, which may call the owner and the repository something else. */
export function repoWords(
  part: RepoPart,
  forge: Forge,
  options: Readonly<Record<string, unknown>>,
): PartWords {
  const owner = { title: textIn(options, 'ownerLabel'), hint: textIn(options, 'ownerDescription') };
  switch (part) {
    case 'owner':
      return {
        title: owner.title ?? messages.ownerOf[forge],
        hint: owner.hint ?? messages.ownerOfHint[forge],
      };
    case 'workspace':
      if (forge === 'gerrit') return { title: messages.parent, hint: messages.parentHint };
      return { title: owner.title ?? messages.workspace, hint: owner.hint ?? messages.workspaceHint };
    case 'organization':
      return { title: owner.title ?? messages.organization, hint: owner.hint ?? messages.organizationHint };
    case 'project':
      return { title: messages.project, hint: messages.projectHint };
    case 'repo':
      return {
        title: textIn(options, 'repoLabel') ?? messages.repo,
        hint: textIn(options, 'repoDescription') ?? messages.repoHint,
      };
    default:
      return part satisfies never;
  }
}
