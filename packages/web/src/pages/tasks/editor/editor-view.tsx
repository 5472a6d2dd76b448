/** A template and its files at one side; at the other its form, and what a dry-run with the values of the form gives. */
import { useEffect, useMemo, useState, type ReactElement } from 'react';
import type { Diagnostic } from '@callboard/model';
import type { FormValues } from '../../../api/scaffolder.ts';
import { CodeEditor } from './code-editor.tsx';
import { EditorBar } from './editor-bar.tsx';
import { FilePicker } from './file-picker.tsx';
import { messages } from './messages.ts';
import { Problems } from './problems.tsx';
import { textOf, withText, type Project } from './project.ts';
import { useActionIds, useLint, useSettled } from './queries.ts';
import { readTemplate, type ReadTemplate } from './read-template.ts';
import { TryPane } from './try-pane.tsx';

export interface EditorViewProps {
  readonly project: Project;
  readonly onChange: (project: Project) => void;
  readonly onClose: () => void;
}

export function EditorView({ project, onChange, onClose }: EditorViewProps): ReactElement {
  const [path, setPath] = useState(project.templatePath);
  const [goTo, setGoTo] = useState<{ readonly line: number } | null>(null);
  const [values, setValues] = useState<FormValues>({});
  const templateText = textOf(project, project.templatePath) ?? '';
  const text = textOf(project, path);
  const read = useTemplate(templateText);
  const lint = useLint(templateText);
  const actionIds = useActionIds();
  const diagnostics = useMemo(() => together(lint.data ?? [], read), [lint.data, read]);
  useLeaveWarning(project.files.some(({ isChanged }) => isChanged));
  const goToLine = (line: number): void => {
    setPath(project.templatePath);
    setGoTo({ line });
  };
  return (
    <>
      <EditorBar project={project} path={path} onChange={onChange} onClose={onClose} />
      {project.leftOut > 0 && <p className="health-note">{messages.folderCut(project.leftOut)}</p>}
      <div className="editor-panes">
        <div className="editor-write">
          {project.files.length > 1 && <FilePicker project={project} chosen={path} onChoose={setPath} />}
          {text === null ? (
            <p className="task-empty">{messages.binary}</p>
          ) : (
            <CodeEditor
              label={messages.code(path)}
              path={path}
              text={text}
              diagnostics={path === project.templatePath ? diagnostics : NONE}
              actionIds={actionIds}
              goTo={goTo}
              onChange={(next) => onChange(withText(project, path, next))}
            />
          )}
          <Problems
            diagnostics={diagnostics}
            failure={lint.isError ? messages.lintFailed : null}
            isChecking={lint.isPending}
            onGoTo={goToLine}
          />
        </div>
        <TryPane
          project={project}
          read={read}
          values={values}
          onValues={setValues}
          text={templateText}
          onGoTo={goToLine}
        />
      </div>
    </>
  );
}

const NONE: readonly Diagnostic[] = [];

function useTemplate(text: string): ReadTemplate {
  const settled = useSettled(text);
  return useMemo(() => readTemplate(settled), [settled]);
}

/** What the browser itself sees is said where the linter says nothing of it. */
function together(linted: readonly Diagnostic[], read: ReadTemplate): readonly Diagnostic[] {
  if (read.kind === 'read' || linted.some(({ severity }) => severity === 'error')) return linted;
  const { message, line } = read;
  const own: Diagnostic = {
    severity: 'error',
    code: '',
    summary: message,
    ...(line === null ? {} : { line }),
  };
  return [own, ...linted];
}

/** The browser asks before it closes the page. */
function useLeaveWarning(hasChanges: boolean): void {
  useEffect(() => {
    if (!hasChanges) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [hasChanges]);
}
