/** What is open, whether it is saved, and the way out. */
import { useState, type ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { DownloadIcon } from '../../../parts/icons.tsx';
import { downloadText } from '../../entity/download.ts';
import { messages } from './messages.ts';
import { saveFile } from './open-folder.ts';
import { withSaved, type Project } from './project.ts';

export interface EditorBarProps {
  readonly project: Project;
  /** The file that is edited. */
  readonly path: string;
  readonly onChange: (project: Project) => void;
  readonly onClose: () => void;
}

export function EditorBar({ project, path, onChange, onClose }: EditorBarProps): ReactElement {
  const [failure, setFailure] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const file = project.files.find((one) => one.path === path);
  const isChanged = project.files.some((one) => one.isChanged);
  const save = async (): Promise<void> => {
    if (file?.handle == null || file.text === null) return;
    setFailure(null);
    try {
      await saveFile(file.handle, file.text);
      onChange(withSaved(project, path));
    } catch (thrown) {
      setFailure(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  const download = (): void => {
    if (file?.text == null) return;
    downloadText({ name: path.replace(/^.*\//, ''), type: 'text/plain', text: file.text });
    onChange(withSaved(project, path));
  };
  return (
    <div className="editor-bar">
      <strong className="editor-name">
        <bdi>{project.name}</bdi>
      </strong>
      <span className="task-quiet" role="status">
        {isChanged ? messages.unsaved : ''}
      </span>
      <div className="editor-acts">
        {file?.handle != null && (
          <Button variant="secondary" isDisabled={!file.isChanged} onPress={() => void save()}>
            {messages.save}
          </Button>
        )}
        {file?.handle == null && (
          <Button
            variant="secondary"
            iconStart={<DownloadIcon />}
            isDisabled={file?.text == null}
            onPress={download}
          >
            {messages.download}
          </Button>
        )}
        {!isAsking && (
          <Button variant="secondary" onPress={() => (isChanged ? setIsAsking(true) : onClose())}>
            {messages.close}
          </Button>
        )}
      </div>
      {isAsking && (
        <Alert
          className="editor-wide"
          role="alert"
          status="warning"
          icon
          title={messages.closeAsk}
          customActions={
            <div className="editor-acts">
              <Button variant="secondary" onPress={() => setIsAsking(false)}>
                {messages.closeNo}
              </Button>
              <Button variant="primary" destructive onPress={onClose}>
                {messages.closeYes}
              </Button>
            </div>
          }
        />
      )}
      {failure !== null && (
        <Alert
          className="editor-wide"
          role="alert"
          status="danger"
          icon
          title={messages.saveFailed}
          description={failure}
        />
      )}
    </div>
  );
}
