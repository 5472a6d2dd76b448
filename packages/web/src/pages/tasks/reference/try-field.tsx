/** A field in a small form of its own: what is written about it in YAML, the field, and its value as JSON. */
import { lazy, Suspense, useMemo, useRef, useState, type ReactElement } from 'react';
import type { FormPage, FormValues } from '../../../api/scaffolder.ts';
import { LoadingPart } from '../../../parts/loading-page.tsx';
import { FormPreview } from '../editor/form-preview.tsx';
import { useSettled } from '../editor/queries.ts';
import { messages } from './messages.ts';
import { readProperties } from './try-out.ts';

const CodeEditor = lazy(async () => ({ default: (await import('../editor/code-editor.tsx')).CodeEditor }));

export interface TryFieldProps {
  readonly name: string;
  /** Properties of a page, as YAML, to begin with. */
  readonly start: string;
}

export function TryField({ name, start }: TryFieldProps): ReactElement {
  const [text, setText] = useState(start);
  const [values, setValues] = useState<FormValues>({});
  const settled = useSettled(text);
  const read = useMemo(() => readProperties(settled), [settled]);
  const last = useRef<readonly FormPage[]>([]);
  const pages = useMemo(() => {
    if (read.kind === 'read') {
      const schema = { type: 'object', properties: read.properties };
      last.current = [{ title: messages.tryOut, description: null, schema }];
    }
    return last.current;
  }, [read]);
  return (
    <section className="try-field">
      <h4>{messages.tryOutOf}</h4>
      <p className="health-note">{messages.tryOutWhy}</p>
      <div className="try-field-parts">
        <div className="try-field-code">
          <Suspense fallback={<LoadingPart />}>
            <CodeEditor
              label={messages.tryOutCode}
              path={`${name}.yaml`}
              text={text}
              onChange={setText}
              diagnostics={NONE}
              actionIds={NONE}
              goTo={null}
            />
          </Suspense>
          <p className="task-bad" role="alert">
            {read.kind === 'broken' ? messages.tryOutBroken(read.message) : ''}
          </p>
        </div>
        <div className="try-field-form">
          {pages.length > 0 && (
            <FormPreview
              pages={pages}
              values={values}
              onValues={setValues}
              onSecrets={ignore}
              problems={NONE}
            />
          )}
          <p className="health-note">{messages.tryOutValue}</p>
          <pre className="cb-code" tabIndex={0} role="region" aria-label={messages.tryOutValue}>
            {JSON.stringify(values, null, 2)}
          </pre>
        </div>
      </div>
    </section>
  );
}

const NONE: readonly never[] = [];

/** They stay with the field. */
function ignore(): void {}
