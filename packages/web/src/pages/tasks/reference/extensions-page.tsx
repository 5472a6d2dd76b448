/** Filters, functions and values that the expressions of a template can use. */
import { useMemo, type ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { listIn } from '../../../api/entity.ts';
import { readExtensions, type Extension } from '../../../api/scaffolder-authoring.ts';
import { useServices } from '../../../api/services.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import { Frame } from '../frame.tsx';
import { Examples } from './examples.tsx';
import { messages } from './messages.ts';
import './reference.css';
import { toSchemaTable } from './schema-rows.ts';
import { SchemaView } from './schema-view.tsx';
import { TwoPanes } from './two-panes.tsx';

const FRESH_MS = 300_000;

export function ExtensionsPage(): ReactElement {
  const { client } = useServices();
  const extensions = useQuery({
    queryKey: ['scaffolder', 'extensions'],
    staleTime: FRESH_MS,
    queryFn: ({ signal }) => readExtensions(client, signal),
  });
  const items = useMemo(
    () =>
      (extensions.data ?? []).map((extension) => ({
        ...extension,
        key: `${extension.kind}:${extension.name}`,
        group: messages.kinds[extension.kind],
      })),
    [extensions.data],
  );
  return (
    <Frame title={messages.extensions}>
      <p className="health-note">{messages.extensionsWhy}</p>
      {extensions.isError && extensions.data === undefined && (
        <ErrorPanel
          title={messages.failedExtensions}
          error={extensions.error}
          onRetry={() => void extensions.refetch()}
        />
      )}
      {extensions.isPending && <Waiting height="20rem" />}
      {extensions.data?.length === 0 && (
        <p className="task-empty" role="status">
          {messages.noExtensions}
        </p>
      )}
      {items.length > 0 && (
        <TwoPanes
          title={messages.extensions}
          items={items}
          show={(extension) => <ExtensionDetail key={extension.key} extension={extension} />}
        />
      )}
    </Frame>
  );
}

function ExtensionDetail({ extension }: { readonly extension: Extension }): ReactElement {
  const { name, kind, description, schema, examples, value } = extension;
  return (
    <>
      <h3 className="reference-name">
        <code>{name}</code>
        <span className="task-quiet">{messages.kindOne[kind]}</span>
        <CopyButton text={name} label={messages.copyName} />
      </h3>
      {description === null ? (
        <p className="health-note">{messages.noDescription}</p>
      ) : (
        <Prose text={description} />
      )}
      {schema !== null && <Signature schema={schema} />}
      {kind === 'value' && value !== undefined && (
        <section>
          <h4>{messages.value}</h4>
          <pre className="task-json">{JSON.stringify(value, null, 2)}</pre>
        </section>
      )}
      <Examples examples={examples} />
    </>
  );
}

/** What goes in, the arguments in their order, and what comes out: `{input, arguments, output}` as Backstage has it. */
function Signature({ schema }: { readonly schema: Readonly<Record<string, unknown>> }): ReactElement {
  const given = listIn(schema, 'arguments');
  const parts = [
    ...('input' in schema ? [{ title: messages.takes, of: schema['input'] }] : []),
    ...given.map((of, index) => ({ title: `${messages.arguments} ${messages.argument(index + 1)}`, of })),
    ...('output' in schema ? [{ title: messages.gives, of: schema['output'] }] : []),
  ];
  return (
    <>
      {parts.map(({ title, of }) => (
        <SchemaView key={title} title={title} schema={opened(of)} none={messages.takesNothing} />
      ))}
    </>
  );
}

/** The schema of a text or a number has no properties: it becomes the one row of its table. */
function opened(schema: unknown): unknown {
  return toSchemaTable(schema).rows.length > 0 ? schema : { properties: { value: schema } };
}
