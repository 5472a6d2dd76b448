/** The door of git: the program behind every publishing action, and behind templates on plain git remotes. */
export type { Cloned, CloneRequest } from './clone.ts';
export { createGit, type PortalGit } from './create-git.ts';
export { withGitServers } from './read-remotes.ts';
export type { GitOptions } from './session.ts';
