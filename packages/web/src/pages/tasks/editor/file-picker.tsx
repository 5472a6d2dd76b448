/** The files of what is edited, as a tree. */
import { useMemo, type ReactElement } from 'react';
import { FileIcon, FolderIcon } from '../icons.tsx';
import { toTree, type TreeFolder } from './file-tree.ts';
import { messages } from './messages.ts';
import type { Project, ProjectFile } from './project.ts';

export interface FilePickerProps {
  readonly project: Project;
  readonly chosen: string;
  readonly onChoose: (path: string) => void;
}

export function FilePicker({ project, chosen, onChoose }: FilePickerProps): ReactElement {
  const tree = useMemo(() => toTree(project.files), [project.files]);
  return (
    <nav className="editor-files" aria-label={messages.files}>
      <Folder folder={tree} chosen={chosen} onChoose={onChoose} />
    </nav>
  );
}

interface FolderProps {
  readonly folder: TreeFolder<ProjectFile>;
  readonly chosen: string;
  readonly onChoose: (path: string) => void;
}

function Folder({ folder, chosen, onChoose }: FolderProps): ReactElement {
  return (
    <ul className="run-folder">
      {folder.folders.map((inner) => (
        <li key={inner.path}>
          <details open={chosen.startsWith(`${inner.path}/`) || undefined}>
            <summary>
              <FolderIcon /> <bdi>{inner.name}</bdi>
            </summary>
            <Folder folder={inner} chosen={chosen} onChoose={onChoose} />
          </details>
        </li>
      ))}
      {folder.files.map(({ name, file: { path, isChanged } }) => (
        <li key={path}>
          <button
            type="button"
            className="run-file-button"
            aria-current={path === chosen ? 'true' : undefined}
            onClick={() => onChoose(path)}
          >
            <FileIcon /> <bdi>{name}</bdi>
            {isChanged && <span className="run-change">{messages.changed}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
