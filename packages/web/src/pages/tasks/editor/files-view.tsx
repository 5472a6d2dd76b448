/** The files that a dry-run left: a tree, and beside it what is in the chosen one, or what changed in it. */
import { useMemo, useState, type ReactElement } from 'react';
import type { DryRunFile, FileChange } from '../../../api/scaffolder-authoring.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { messages as shellMessages } from '../../../messages.ts';
import { FileIcon, FolderIcon } from '../icons.tsx';
import { compareRuns, textOfFile } from './compare-runs.ts';
import { DiffView } from './diff-view.tsx';
import { toTree, type TreeFolder } from './file-tree.ts';
import { messages } from './messages.ts';

/** More characters are for a program. */
const LONGEST = 200_000;

export interface FilesViewProps {
  readonly files: readonly DryRunFile[];
  /** Of the dry-run before; null for the first. */
  readonly before: readonly DryRunFile[] | null;
}

interface Row {
  readonly path: string;
  /** Null of one that is there no more. */
  readonly file: DryRunFile | null;
  readonly change: FileChange | null;
}

export function FilesView({ files, before }: FilesViewProps): ReactElement {
  const [chosen, setChosen] = useState<string | null>(null);
  const [isCompared, setIsCompared] = useState(false);
  const changes = useMemo(
    () => (before === null || !isCompared ? null : compareRuns(before, files)),
    [before, files, isCompared],
  );
  const rows = useMemo(() => toRows(files, changes), [files, changes]);
  const row = rows.find(({ path }) => path === chosen) ?? null;
  return (
    <>
      {before !== null && (
        <label className="run-compare">
          <input
            type="checkbox"
            checked={isCompared}
            onChange={({ currentTarget: { checked } }) => setIsCompared(checked)}
          />
          {messages.against}
        </label>
      )}
      {rows.length === 0 && (
        <p className="health-note" role="status">
          {isCompared ? messages.sameAsBefore : messages.filesNone}
        </p>
      )}
      {rows.length > 0 && (
        <div className="run-files">
          <div className="run-tree">
            <p className="health-note">{messages.filesCount(rows.length)}</p>
            <Folder folder={toTree(rows)} chosen={chosen} onChoose={setChosen} />
          </div>
          <div className="run-file">
            {row === null ? <p className="health-note">{messages.chooseFile}</p> : <Content row={row} />}
          </div>
        </div>
      )}
    </>
  );
}

function toRows(
  files: readonly DryRunFile[],
  changes: ReadonlyMap<string, FileChange> | null,
): readonly Row[] {
  if (changes === null) return files.map((file) => ({ path: file.path, file, change: null }));
  const now = new Map(files.map((file) => [file.path, file]));
  return [...changes.values()].map((change) => ({
    path: change.path,
    file: now.get(change.path) ?? null,
    change,
  }));
}

interface FolderProps {
  readonly folder: TreeFolder<Row>;
  readonly chosen: string | null;
  readonly onChoose: (path: string) => void;
}

function Folder({ folder, chosen, onChoose }: FolderProps): ReactElement {
  return (
    <ul className="run-folder">
      {folder.folders.map((inner) => (
        <li key={inner.path}>
          <details open>
            <summary>
              <FolderIcon /> <bdi>{inner.name}</bdi>
            </summary>
            <Folder folder={inner} chosen={chosen} onChoose={onChoose} />
          </details>
        </li>
      ))}
      {folder.files.map(({ name, file: { path, change } }) => (
        <li key={path}>
          <button
            type="button"
            className="run-file-button"
            aria-pressed={path === chosen}
            onClick={() => onChoose(path)}
          >
            <FileIcon /> <bdi>{name}</bdi>
            {change !== null && (
              <span className="run-change" data-change={change.change}>
                {messages.fileChange[change.change]}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Content({ row }: { readonly row: Row }): ReactElement {
  const { path, file, change } = row;
  const text = useMemo(() => textOfFile(file), [file]);
  return (
    <>
      <h3 className="run-file-head">
        <bdi>{path}</bdi>
        {file?.isExecutable === true && <span className="cb-tag">{messages.executable}</span>}
        {text !== null && text !== '' && <CopyButton text={text} label={shellMessages.copyText} />}
      </h3>
      {change !== null && <DiffView change={change} />}
      {change === null && text === null && <p className="health-note">{messages.binary}</p>}
      {change === null && text !== null && (
        <pre className="cb-code run-text" tabIndex={0} role="region" aria-label={messages.contentLabel(path)}>
          {text.slice(0, LONGEST)}
        </pre>
      )}
      {change === null && text !== null && text.length > LONGEST && (
        <p className="health-note">{messages.fileTooLong}</p>
      )}
    </>
  );
}
