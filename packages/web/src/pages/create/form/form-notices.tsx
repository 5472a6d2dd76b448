/** What somebody has to know before they fill in a form. */
import type { ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { parseRef } from '@callboard/model';
import type { TemplateForm } from '../../../api/scaffolder.ts';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { messages } from '../messages.ts';
import { unknownDecorators } from './decorate.ts';
import type { FormDecorator } from './field-extension.ts';

export interface FormNoticesProps {
  readonly form: TemplateForm;
  readonly decorators: readonly FormDecorator[];
  readonly begin: 'new' | 'kept' | 'prefilled' | 'bad-prefill';
  readonly onStartOver: () => void;
}

export function FormNotices({ form, decorators, begin, onStartOver }: FormNoticesProps): ReactElement {
  const unknown = unknownDecorators(form.decorators, decorators);
  return (
    <div className="form-notices">
      <Warnings form={form} />
      <Ahead form={form} />
      {unknown.length > 0 && (
        <Alert status="warning" icon title={messages.unknownDecorators(unknown.join(', '))} />
      )}
      {begin === 'kept' && (
        <p className="form-begin">
          {messages.kept}{' '}
          <Button variant="tertiary" onPress={onStartOver}>
            {messages.startOver}
          </Button>
        </p>
      )}
      {begin === 'prefilled' && <p className="form-begin">{messages.prefilled}</p>}
      {begin === 'bad-prefill' && <Alert status="warning" icon title={messages.badPrefill} />}
    </div>
  );
}

function Warnings({ form: { warnings } }: { readonly form: TemplateForm }): ReactElement | null {
  if (warnings.length === 0) return null;
  return (
    <Alert
      status="warning"
      icon
      title={messages.warnings(warnings.length)}
      description={
        <>
          {messages.warningsWhy}
          <ul className="problem-list">
            {warnings.map((warning, index) => (
              <li key={index}>
                {warning.path !== undefined && <code>{warning.path}</code>} <bdi>{warning.summary}</bdi>{' '}
                {warning.detail !== undefined && <bdi>{warning.detail}</bdi>}
              </li>
            ))}
          </ul>
        </>
      }
    />
  );
}

function Ahead({ form: { approval } }: { readonly form: TemplateForm }): ReactElement | null {
  if (approval === null) return null;
  return (
    <Alert
      status="info"
      icon
      title={messages.approvalAhead}
      description={
        <>
          {approval.message !== null && <bdi>{approval.message} </bdi>}
          {approval.by.length > 0 && (
            <>
              {messages.approvalBy}{' '}
              {approval.by.map((text, index) => (
                <span key={text}>
                  {index > 0 && ', '}
                  <Approver text={text} />
                </span>
              ))}
              {'.'}
            </>
          )}
        </>
      }
    />
  );
}

/** An entity, or words such as an expression of the template. */
function Approver({ text }: { readonly text: string }): ReactElement {
  const ref = /^[\w.-]+:[\w./-]+$/.test(text) ? parseRef(text) : null;
  return ref === null ? <bdi>{text}</bdi> : <EntityLink to={ref} />;
}
