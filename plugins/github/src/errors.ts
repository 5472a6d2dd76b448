/** Every error that the actions throw of their own: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
const GITHUB_ERRORS = {
  /** The repository of a step is not written as it should be, or has a host that is no GitHub of the configuration. */
  'scaffolder/bad-repo-url': 400,
  /** Neither the step nor the configuration has a token for the host. */
  'scaffolder/no-token': 400,
  /** An input has a value that the action cannot use. */
  'scaffolder/invalid-input': 400,
  /** The forge cannot be reached. */
  'scaffolder/forge-unreachable': 503,
  /** The repository is there already, and the task did not make it. */
  'scaffolder/repository-exists': 409,
  /** The branch for a pull request is there already, and has commits of its own. */
  'scaffolder/branch-exists': 409,
  /** There is a pull request of this branch already. */
  'scaffolder/pull-request-exists': 409,
  /** A path leads out of the workspace. */
  'scaffolder/outside-workspace': 400,
  /** A path of the workspace does not exist. */
  'scaffolder/no-such-file': 404,
} as const satisfies Record<string, ErrorStatus>;

export function githubError(
  code: keyof typeof GITHUB_ERRORS,
  message: string,
  options?: ErrorOptions,
): CodedError {
  return new CodedError(GITHUB_ERRORS[code], code, message, options);
}

/** `scaffolder/forge-refused`: the forge understood, and said no. */
export class ForgeRefusal extends CodedError {
  /** HTTP status of the answer. */
  readonly answered: number;
  /** What the forge said, without secrets. */
  readonly said: string;

  constructor(refusal: { readonly answered: number; readonly said: string; readonly message: string }) {
    super(toStatus(refusal.answered), 'scaffolder/forge-refused', refusal.message);
    this.answered = refusal.answered;
    this.said = refusal.said;
  }
}

/** The forge answered with this status, and said what fits `pattern`. */
export function isRefusal(error: unknown, answered: number, pattern = /(?:)/): error is ForgeRefusal {
  return error instanceof ForgeRefusal && error.answered === answered && pattern.test(error.said);
}

/** A bad token of a step is not a bad session of whoever started it, so 401 is not passed on. */
function toStatus(answered: number): ErrorStatus {
  if (answered === 401 || answered === 403) return 403;
  if (answered === 404 || answered === 409 || answered === 413 || answered === 429) return answered;
  return answered >= 500 ? 503 : 400;
}
