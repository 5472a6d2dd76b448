/** A file as the data URL that templates get it as, with its name in it. */
import { useState, type ReactElement } from 'react';
import type { WidgetProps } from '@rjsf/utils';
import { CloseIcon } from '../../../parts/icons.tsx';
import { fileNameOf } from '../form/file-name.ts';
import { messages } from '../messages.ts';
import { describedBy } from './field-template.tsx';
import { IconButton } from './icon-button.tsx';

/** The values of a task are kept: files are for small things, such as a key or a picture. */
const MOST_BYTES = 1024 * 1024;

export function FileWidget(props: WidgetProps): ReactElement {
  const { id, value, options, multiple, disabled, readonly, onChange } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const given: unknown = value;
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  const files = all.filter((file) => typeof file === 'string' && file !== '');
  const accept: unknown = options.accept;
  const isFixed = disabled === true || readonly === true;

  async function take(list: FileList | null): Promise<void> {
    const chosen = [...(list ?? [])];
    if (chosen.length === 0) return;
    if (chosen.some(({ size }) => size > MOST_BYTES)) {
      setProblem(messages.fileTooLarge('1 MiB'));
      return;
    }
    try {
      const urls = await Promise.all(chosen.map(toDataUrl));
      setProblem(null);
      onChange(multiple === true ? [...files, ...urls] : urls[0]);
    } catch {
      setProblem(messages.fileFailed);
    }
  }

  return (
    <div className="form-files">
      <input
        id={id}
        type="file"
        className="form-file"
        multiple={multiple}
        accept={typeof accept === 'string' ? accept : undefined}
        disabled={isFixed}
        aria-describedby={describedBy(id)}
        onChange={({ target }) => void take(target.files).then(() => (target.value = ''))}
      />
      {files.length > 0 && (
        <ul className="form-chips">
          {files.map((file, index) => (
            <li key={index} className="form-chip">
              <bdi>{nameOf(String(file))}</bdi>
              <IconButton
                label={messages.removeValue(nameOf(String(file)))}
                isDisabled={isFixed}
                onClick={() =>
                  onChange(multiple === true ? files.filter((_, at) => at !== index) : undefined)
                }
              >
                <CloseIcon />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <p className="form-bad" role="alert">
        {problem}
      </p>
    </div>
  );
}

function toDataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => reject(new Error(`${file.name} could not be read`)));
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.replace(';base64', `;name=${encodeURIComponent(file.name)};base64`));
    });
    reader.readAsDataURL(file);
  });
}

function nameOf(url: string): string {
  return fileNameOf(url) ?? messages.file;
}
