/** The folders of tasks on this machine: `<folder>/<task id>/work`, with the copy of it that a restart goes on from. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { taskError } from './errors.ts';
import { createMirror, type Mirror } from './mirror.ts';

export interface Workspace {
  readonly path: string;
  readonly mirror: Mirror;
}

export interface Workspaces {
  /** Where a run begins: with an empty folder. */
  fresh(taskId: string): Promise<Workspace>;
  /**
   * Where a run goes on. `state` is the number of its stored state; `after` says what became of the folder since: nobody
   * touched it (`rest`), or a step may have left it half-done (`stop`).
   * @throws CodedError `scaffolder/workspace-lost`
   */
  goOn(
    taskId: string,
    options: { readonly state: number; readonly after: 'rest' | 'stop' },
  ): Promise<Workspace>;
  remove(taskId: string): Promise<void>;
  /** Ids of tasks that have a folder, with the time of its last change. */
  list(): Promise<readonly { readonly taskId: string; readonly changedAt: number }[]>;
}

/** `folder`: absolute path; made when it is not there. Only its own user may look into what is made in it. */
export function createWorkspaces(folder: string): Workspaces {
  const open = (taskId: string): Workspace => {
    const of = join(folder, taskId);
    const path = join(of, 'work');
    return { path, mirror: createMirror({ work: path, copy: join(of, 'copy'), mark: join(of, 'state') }) };
  };
  const remove = (taskId: string): Promise<void> =>
    rm(join(folder, taskId), { recursive: true, force: true, maxRetries: 3 });
  return {
    fresh: async (taskId) => {
      await remove(taskId);
      const workspace = open(taskId);
      await mkdir(workspace.path, { recursive: true, mode: 0o700 });
      return workspace;
    },
    goOn: async (taskId, { state, after }) => {
      const workspace = open(taskId);
      const { mirror, path } = workspace;
      const marked = await mirror.marked();
      if (after === 'stop' && marked === state) await mirror.restore();
      const found = await stat(path).catch(() => null);
      if (found?.isDirectory() !== true) {
        throw taskError(
          'scaffolder/workspace-lost',
          `The workspace of task ${taskId} is not on this machine any more, and its finished steps wrote to it. ` +
            'Start the template again with the same values.',
        );
      }
      if (marked < state) await mirror.update(state);
      return workspace;
    },
    remove,
    list: async () => {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const found: { taskId: string; changedAt: number }[] = [];
      for (const entry of entries) {
        if (!entry.isDirectory()) continue;
        const { mtimeMs } = await stat(join(folder, entry.name)).catch(() => ({ mtimeMs: 0 }));
        if (mtimeMs > 0) found.push({ taskId: entry.name, changedAt: mtimeMs });
      }
      return found;
    },
  };
}
