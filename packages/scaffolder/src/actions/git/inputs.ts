/** What the publishing actions have in common: their inputs on git, and what they read of them. */
import type { ActionContext, GitAuthor, JsonSchema } from '@callboard/plugin';
import { resolveInside } from '../../workspace/workspace.ts';

export const GIT_PROPERTIES = {
  gitCommitMessage: {
    type: 'string',
    title: 'Git Commit Message',
    description: 'Message of the commit. Default: that of the configuration, else "initial commit".',
  },
  gitAuthorName: {
    type: 'string',
    title: 'Author Name',
    description: 'Who made the commit. Default: that of the configuration.',
  },
  gitAuthorEmail: {
    type: 'string',
    title: 'Author Email',
    description: 'Their address. Default: that of the configuration.',
  },
  sourcePath: {
    type: 'string',
    title: 'Source Path',
    description: 'Folder of the workspace that becomes the root of the repository. Default: all of it.',
  },
} as const satisfies JsonSchema;

export const PUBLISH_OUTPUT = {
  type: 'object',
  properties: {
    remoteUrl: { type: 'string', title: 'Address of the repository for git' },
    repoContentsUrl: { type: 'string', title: 'Address of the root folder of the repository' },
    commitHash: { type: 'string', title: 'Hash of the commit' },
  },
} as const satisfies JsonSchema;

export interface GitInput {
  readonly gitCommitMessage?: string | undefined;
  readonly gitAuthorName?: string | undefined;
  readonly gitAuthorEmail?: string | undefined;
  readonly sourcePath?: string | undefined;
}

/** What is asked of git, with defaults for what the step leaves open. */
export function publishOptions(
  { workspacePath, signal }: Pick<ActionContext, 'workspacePath' | 'signal'>,
  input: GitInput,
  defaults: { readonly author: GitAuthor; readonly message: string },
): {
  readonly folder: string;
  readonly message: string;
  readonly author: GitAuthor;
  readonly signal: AbortSignal;
} {
  return {
    folder: resolveInside(workspacePath, input.sourcePath ?? '.'),
    message: input.gitCommitMessage ?? defaults.message,
    author: {
      name: input.gitAuthorName ?? defaults.author.name,
      email: input.gitAuthorEmail ?? defaults.author.email,
    },
    signal,
  };
}
