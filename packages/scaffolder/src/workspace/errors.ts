/** The codes of workspaces in one table. All are thrown as CodedError. */
import { CodedError, messageOf, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
const WORKSPACE_ERRORS = {
  /** The path is none that a workspace can have, or two paths do not go together. */
  'scaffolder/bad-path': 400,
  /** The path, or a link on its way, leads out of the workspace. */
  'scaffolder/outside-workspace': 403,
  /** There is no file or folder at the path. */
  'scaffolder/no-such-file': 404,
  /** There is something else at the path already. */
  'scaffolder/path-taken': 409,
  /** The path is no plain file: a folder, a device, or a file with several names. */
  'scaffolder/not-a-file': 400,
  /** There are more files, bytes or levels of folders than the limit. */
  'scaffolder/too-large': 413,
  /** The operating system refused to read or write the workspace. */
  'scaffolder/workspace-io': 500,
} as const satisfies Record<string, ErrorStatus>;

type WorkspaceCode = keyof typeof WORKSPACE_ERRORS;

/** The error to throw for a code. */
export function workspaceError(code: WorkspaceCode, message: string, cause?: unknown): CodedError {
  return new CodedError(WORKSPACE_ERRORS[code], code, message, cause === undefined ? {} : { cause });
}

/** The code that the operating system gave, as `ENOENT`; undefined for what is no error of it. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}

/** What was thrown while something was done to a path, as an error that names the path and no folder of the machine. */
export function pathError(thrown: unknown, path: string): Error {
  if (thrown instanceof CodedError) return thrown;
  const shown = path === '' ? '.' : path;
  switch (systemCode(thrown)) {
    case 'ENOENT':
      return workspaceError('scaffolder/no-such-file', `There is no '${shown}' in the workspace.`, thrown);
    case 'EEXIST':
    case 'ENOTEMPTY':
      return workspaceError('scaffolder/path-taken', `There is something at '${shown}' already.`, thrown);
    case 'ENOTDIR':
      return workspaceError('scaffolder/path-taken', `A part of '${shown}' is a file, not a folder.`, thrown);
    case 'EISDIR':
      return workspaceError('scaffolder/not-a-file', `'${shown}' is a folder, not a file.`, thrown);
    case 'ELOOP':
      return workspaceError(
        'scaffolder/outside-workspace',
        `'${shown}' became a link while it was used.`,
        thrown,
      );
    case 'ENAMETOOLONG':
      return workspaceError('scaffolder/bad-path', `'${shown.slice(0, 100)}…' is too long a path.`, thrown);
    case undefined:
      return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
    default:
      return workspaceError(
        'scaffolder/workspace-io',
        `'${shown}' cannot be used: the system says ${systemCode(thrown)}.`,
        thrown,
      );
  }
}
