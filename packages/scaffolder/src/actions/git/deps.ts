/** What the publishing actions work with. */
import type { Forge, Git, GitAuthor } from '@callboard/plugin';

export interface GitActionsDeps {
  readonly git: Git;
  /** Of the configuration. */
  readonly forges: readonly Forge[];
  /** For the API of Gitea. */
  readonly fetch: typeof fetch;
  /** For steps that leave it open. */
  readonly defaults: { readonly author: GitAuthor; readonly message: string };
}
