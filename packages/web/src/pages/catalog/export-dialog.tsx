/** Writes the selection, or everything that matches, into a file: what, as what, how far, and what went wrong. */
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { useServices } from '../../api/services.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { readSelection } from './collect.ts';
import type { ColumnId } from './columns.ts';
import {
  csvWriter,
  EXPORT_FORMATS,
  jsonWriter,
  yamlWriter,
  type ExportFormat,
  type FileWriter,
} from './export-format.ts';
import { messages } from './messages.ts';
import { Modal } from './modal.tsx';
import { selectedCount, type Selection } from './selection.ts';
import { download, fileName, writeFile } from './write-file.ts';

export interface ExportDialogProps {
  /** Everything that matches. */
  readonly everything: Selection;
  readonly selection: Selection;
  readonly columns: readonly ColumnId[];
  readonly onClose: () => void;
}

type Progress =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'done'; readonly entities: number; readonly file: string };

export function ExportDialog(props: ExportDialogProps): ReactElement {
  const { everything, selection, columns, onClose } = props;
  const { client } = useServices();
  const chosen = selectedCount(selection);
  const [what, setWhat] = useState<'all' | 'selected'>(chosen > 0 ? 'selected' : 'all');
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [progress, setProgress] = useState<Progress>({ kind: 'choosing' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function start(): Promise<void> {
    const abort = new AbortController();
    const { signal } = abort;
    running.current = abort;
    const from = what === 'selected' ? selection : everything;
    setProgress({ kind: 'running', done: 0, total: selectedCount(from) });
    try {
      const writer = await writerOf(format, columns);
      const pages = readSelection(client, from, { fields: null, signal });
      const onProgress = (done: number, total: number): void => setProgress({ kind: 'running', done, total });
      const { blob, entities } = await writeFile(pages, { writer, signal, onProgress });
      const file = fileName(format, new Date());
      download(blob, file);
      setProgress({ kind: 'done', entities, file });
    } catch (error) {
      setProgress(signal.aborted ? { kind: 'choosing' } : { kind: 'failed', error });
    } finally {
      running.current = null;
    }
  }

  const isRunning = progress.kind === 'running';
  return (
    <Modal
      title={messages.exportTitle}
      onClose={onClose}
      footer={
        <>
          {isRunning ? (
            <Button variant="secondary" onPress={() => running.current?.abort()}>
              {messages.cancel}
            </Button>
          ) : (
            <Button variant="secondary" onPress={onClose}>
              {messages.close}
            </Button>
          )}
          <Button variant="primary" isDisabled={isRunning} onPress={() => void start()}>
            {messages.exportStart}
          </Button>
        </>
      }
    >
      <fieldset className="radio-list" disabled={isRunning}>
        <legend>{messages.exportWhat}</legend>
        <Radio name="what" isChecked={what === 'all'} onChoose={() => setWhat('all')}>
          {messages.exportAll(selectedCount(everything))}
        </Radio>
        {chosen > 0 && (
          <Radio name="what" isChecked={what === 'selected'} onChoose={() => setWhat('selected')}>
            {messages.exportSelected(chosen)}
          </Radio>
        )}
      </fieldset>
      <fieldset className="radio-list" disabled={isRunning}>
        <legend>{messages.exportFormat}</legend>
        {EXPORT_FORMATS.map((each) => (
          <Radio
            key={each}
            name="format"
            isChecked={format === each}
            onChoose={() => setFormat(each)}
            hint={messages.formatHints[each]}
          >
            {messages.formatNames[each]}
          </Radio>
        ))}
      </fieldset>
      <div className="export-progress">
        {isRunning && (
          <progress aria-label={messages.exportTitle} max={progress.total} value={progress.done} />
        )}
        <p role="status">{progressText(progress)}</p>
        {progress.kind === 'failed' && (
          <ErrorPanel title={messages.exportFailed} error={progress.error} onRetry={() => void start()} />
        )}
      </div>
    </Modal>
  );
}

interface RadioProps {
  readonly name: string;
  readonly isChecked: boolean;
  readonly onChoose: () => void;
  readonly hint?: string;
  readonly children: string;
}

function Radio({ name, isChecked, onChoose, hint, children }: RadioProps): ReactElement {
  return (
    <label className="radio">
      <input type="radio" name={`export-${name}`} checked={isChecked} onChange={onChoose} />
      <span>
        {children}
        {hint !== undefined && <span className="radio-hint">{hint}</span>}
      </span>
    </label>
  );
}

function progressText(progress: Progress): string {
  switch (progress.kind) {
    case 'choosing':
    case 'failed':
      return '';
    case 'running':
      return messages.exporting(progress.done, progress.total);
    case 'done':
      return messages.exported(progress.entities, progress.file);
    default:
      return progress satisfies never;
  }
}

async function writerOf(format: ExportFormat, columns: readonly ColumnId[]): Promise<FileWriter> {
  switch (format) {
    case 'csv': {
      const titles = columns.map((id) => messages.columnNames[id]);
      return csvWriter(columns, [messages.csvReference, messages.name, ...titles]);
    }
    case 'json':
      return jsonWriter();
    case 'yaml': {
      const { stringify } = await import('yaml');
      return yamlWriter((value) => stringify(value));
    }
    default:
      return format satisfies never;
  }
}
