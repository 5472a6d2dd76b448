/** What actions do with git: whole folders become commits on a remote. The portal runs the `git` program. */

export interface Git {
  /**
   * Makes a repository of a folder with one commit, and pushes it as a branch to an empty remote. When the remote has the
   * very same commit already, as after a crash, it succeeds.
   * @throws Error with what git said, credentials taken out
   */
  publish(request: GitPublish): Promise<GitCommit>;
  /**
   * Puts a folder's files on top of a branch of a remote and pushes that as another branch.
   * @throws Error with what git said, credentials taken out
   */
  pushBranch(request: GitPushBranch): Promise<GitCommit & { readonly changed: boolean }>;
}

export interface GitRemote {
  /** `https:`, `http:` or `file:` URL, without credentials. */
  readonly remoteUrl: string;
  readonly login: GitLogin | null;
  readonly signal?: AbortSignal;
}

/** Handed to git without ever being in an argument, the URL or a file. */
export interface GitLogin {
  readonly username: string;
  readonly password: string;
}

export interface GitAuthor {
  readonly name: string;
  readonly email: string;
}

export interface GitPublish extends GitRemote {
  /** Absolute path. Its `.git`, when there is one, is not used. */
  readonly folder: string;
  /** Default: `main`. */
  readonly branch?: string;
  readonly message?: string;
  readonly author?: GitAuthor;
}

export interface GitPushBranch extends GitPublish {
  readonly branch: string;
  /** The branch that it starts from. */
  readonly base: string;
  /** Where in the repository the files go. Default: its root. */
  readonly targetPath?: string;
  /** Paths in the repository to delete. */
  readonly deletions?: readonly string[];
  /** Replaces the branch when it exists. Default: false. */
  readonly force?: boolean;
}

export interface GitCommit {
  readonly commitHash: string;
}
