/** Every field that a form can have: what it is for, its value and its options, examples, and the field itself to try out. */
import { useMemo, type ReactElement } from 'react';
import { Alert } from '@backstage/ui';
import { isObject } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { readDeclaredFields } from '../../../api/forms.ts';
import { useServices } from '../../../api/services.ts';
import type { ExtensionProblem } from '../../../extensions/load/problem.ts';
import { useExtensions } from '../../../extensions/load/use-extensions.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import { useFormExtensions } from '../../create/form/use-extensions.ts';
import '../editor/editor.css';
import { Frame } from '../frame.tsx';
import { Examples } from './examples.tsx';
import { fieldItems, otherProblems, type FieldItem } from './field-items.ts';
import './fields-page.css';
import { messages } from './messages.ts';
import './reference.css';
import { SchemaView } from './schema-view.tsx';
import { TryField } from './try-field.tsx';
import { tryOutText } from './try-out.ts';
import { TwoPanes } from './two-panes.tsx';

const FRESH_MS = 300_000;

export function FieldsPage(): ReactElement {
  const { client } = useServices();
  const extensions = useExtensions();
  const { fields } = useFormExtensions();
  const declared = useQuery({
    queryKey: ['scaffolder', 'fields'],
    staleTime: FRESH_MS,
    queryFn: ({ signal }) => readDeclaredFields(client, signal),
  });
  const items = useMemo(
    () => fieldItems({ declared: declared.data ?? [], extensions, fields }),
    [declared.data, extensions, fields],
  );
  const others = otherProblems(extensions);
  return (
    <Frame title={messages.fields} width="wide">
      <p className="health-note">{messages.fieldsWhy}</p>
      {declared.isError && declared.data === undefined && (
        <ErrorPanel
          title={messages.failedFields}
          error={declared.error}
          onRetry={() => void declared.refetch()}
        />
      )}
      {others.length > 0 && (
        <Alert
          role="status"
          status="warning"
          icon
          title={messages.customFailed}
          description={<FileProblems problems={others} />}
        />
      )}
      {declared.isPending ? (
        <Waiting height="20rem" />
      ) : (
        <TwoPanes
          title={messages.fields}
          items={items}
          show={(item) => <FieldDetail key={item.key} item={item} items={items} />}
        />
      )}
    </Frame>
  );
}

interface FieldDetailProps {
  readonly item: FieldItem;
  readonly items: readonly FieldItem[];
}

function FieldDetail({ item, items }: FieldDetailProps): ReactElement {
  const { name, origin, from, description, returnValue, options, examples, problems } = item;
  const where = from === null ? messages.fieldFrom[origin] : messages.fieldFromOne[origin](from);
  return (
    <>
      <h3 className="reference-name">
        <code>{name}</code>
        <span className="task-quiet">{where}</span>
        <CopyButton text={name} label={messages.copyName} />
      </h3>
      {problems.length > 0 && (
        <Alert
          role="status"
          status="danger"
          icon
          title={messages.customFailedOne}
          description={<FileProblems problems={problems} />}
        />
      )}
      {description === null ? (
        <p className="health-note">{messages.noDescription}</p>
      ) : (
        <Prose text={description} />
      )}
      {origin !== 'rules' && <ValueOf schema={returnValue} />}
      <SchemaView
        title={origin === 'rules' ? messages.sourceKeys : messages.uiOptions}
        schema={options}
        none={origin === 'file' && options === null ? messages.optionsUnsaid : messages.noOptions}
      />
      <Examples examples={examples} />
      <TryField name={name} start={tryOutText(item, items)} />
    </>
  );
}

/** A value is seldom an object; a table of one row says no more than its type. */
function ValueOf({ schema }: { readonly schema: unknown }): ReactElement {
  const { type, description, items } = isObject(schema) ? schema : {};
  const inner = isObject(items) ? items : {};
  const typeText = type === 'array' && typeof inner['type'] === 'string' ? `${inner['type']}[]` : type;
  const text = description ?? inner['description'];
  if (type === 'object')
    return <SchemaView title={messages.value} schema={schema} none={messages.valueUnsaid} />;
  return (
    <section>
      <h4>{messages.value}</h4>
      {typeof typeText === 'string' ? (
        <div className="field-value">
          <code>{typeText}</code>
          {typeof text === 'string' && <Prose text={text} />}
        </div>
      ) : (
        <p className="health-note">{messages.valueUnsaid}</p>
      )}
    </section>
  );
}

function FileProblems({ problems }: { readonly problems: readonly ExtensionProblem[] }): ReactElement {
  return (
    <ul className="plain">
      {problems.map(({ file, line, column, text, lineText }, index) => (
        <li key={index}>
          {file !== '' && <code>{[file, line, column].filter((part) => part !== null).join(':')}</code>}{' '}
          {text}
          {lineText !== null && lineText.trim() !== '' && (
            <pre className="task-error" tabIndex={0}>
              {lineText.trim()}
            </pre>
          )}
        </li>
      ))}
    </ul>
  );
}
