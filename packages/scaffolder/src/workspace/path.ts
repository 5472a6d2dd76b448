/**
 * Paths as templates, archives and actions write them become the names of the folders on the way: what cannot be a path
 * in a workspace is refused here, before the file system is asked.
 */
import { workspaceError } from './errors.ts';

/**
 * The names on the way from the root, `..` taken out; empty for the root itself. An absolute path is taken when it is
 * below `root`, as `fs:readdir` gives such paths.
 * @throws CodedError `scaffolder/bad-path`, `scaffolder/outside-workspace`
 */
export function parsePath(text: string, root: string): readonly string[] {
  if (text.includes('\0')) throw workspaceError('scaffolder/bad-path', 'A path holds a NUL character.');
  const relative = text === root || text.startsWith(`${root}/`) ? text.slice(root.length + 1) : text;
  if (relative.includes('\\')) {
    throw workspaceError('scaffolder/bad-path', `The path '${text}' holds a backslash. Write '/' instead.`);
  }
  if ((relative.startsWith('/') && relative === text) || /^(?:\.\/+)*[A-Za-z]:(?:\/|$)/.test(relative)) {
    throw workspaceError(
      'scaffolder/outside-workspace',
      `The path '${text}' is absolute. Write it relative to the workspace.`,
    );
  }
  return normalized(relative, text);
}

function normalized(relative: string, text: string): readonly string[] {
  const names: string[] = [];
  for (const name of relative.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) {
      throw workspaceError('scaffolder/outside-workspace', `The path '${text}' leads out of the workspace.`);
    }
  }
  return names;
}
