/** Where a template to edit comes from: the catalog, a folder of this computer, or a sample. */
import { useRef, useState, type ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { parseRef } from '@callboard/model';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Panel } from '../../health/figures.tsx';
import { rowRef, useTemplateRows } from '../queries.ts';
import { messages } from './messages.ts';
import { canPickFolder, pickFolder, readFileList, type OpenedFolder } from './open-folder.ts';
import type { Project } from './project.ts';
import { SAMPLE } from './sample.ts';

export interface StartViewProps {
  readonly onOpen: (project: Project) => void;
  /** `ref`: a full reference. */
  readonly onTemplate: (ref: string) => void;
}

export function StartView({ onOpen, onTemplate }: StartViewProps): ReactElement {
  return (
    <>
      <p className="health-note">{messages.intro}</p>
      <div className="editor-starts">
        <FromCatalog onTemplate={onTemplate} />
        <FromFolder onOpen={onOpen} />
        <Panel title={messages.fromSample}>
          <div className="editor-start">
            <p className="health-note">{messages.fromSampleWhy}</p>
            <Button variant="secondary" onPress={() => onOpen(SAMPLE)}>
              {messages.useSample}
            </Button>
          </div>
        </Panel>
      </div>
    </>
  );
}

function FromCatalog({ onTemplate }: Pick<StartViewProps, 'onTemplate'>): ReactElement {
  const templates = useTemplateRows();
  const [chosen, setChosen] = useState('');
  const rows = templates.data ?? [];
  return (
    <Panel title={messages.fromCatalog}>
      <div className="editor-start">
        <p className="health-note">{messages.fromCatalogWhy}</p>
        {templates.isError && (
          <ErrorPanel
            title={messages.failedTemplates}
            error={templates.error}
            onRetry={() => void templates.refetch()}
          />
        )}
        {templates.isSuccess && rows.length === 0 && <p>{messages.noTemplates}</p>}
        {rows.length > 0 && (
          <div className="editor-choose">
            <select
              className="cb-select"
              aria-label={messages.choose}
              value={chosen}
              onChange={({ target: { value } }) => setChosen(value)}
            >
              <option value="">{messages.choose}</option>
              {rows.map((row) => (
                <option key={rowRef(row)} value={rowRef(row)}>
                  {row.title ?? row.name}
                </option>
              ))}
            </select>
            <Button
              variant="secondary"
              isDisabled={parseRef(chosen) === null}
              onPress={() => onTemplate(chosen)}
            >
              {messages.open}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

function FromFolder({ onOpen }: Pick<StartViewProps, 'onOpen'>): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isReading, setIsReading] = useState(false);
  const read = async (reading: Promise<OpenedFolder | null>): Promise<void> => {
    setProblem(null);
    setIsReading(true);
    try {
      const opened = await reading;
      if (opened?.kind === 'opened') onOpen(opened.project);
      if (opened?.kind === 'no-template') setProblem(messages.folderNone(opened.name));
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setIsReading(false);
    }
  };
  return (
    <Panel title={messages.fromFolder}>
      <div className="editor-start">
        <p className="health-note">{messages.fromFolderWhy}</p>
        <Button
          variant="secondary"
          isPending={isReading}
          onPress={() => {
            if (canPickFolder()) void read(pickFolder());
            else input.current?.click();
          }}
        >
          {messages.openFolder}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          // React does not know the attribute in its types.
          {...{ webkitdirectory: '' }}
          onChange={({ currentTarget }) => {
            void read(readFileList([...(currentTarget.files ?? [])]));
            currentTarget.value = '';
          }}
        />
        {problem !== null && (
          <Alert role="alert" status="danger" icon title={messages.folderFailed} description={problem} />
        )}
      </div>
    </Panel>
  );
}
