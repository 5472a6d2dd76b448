/** What a template asks for, and what it does, step by step. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { DEFAULT_NAMESPACE, isObject, stringifyRef, type Entity } from '@callboard/model';
import { Link } from 'react-router-dom';
import { listIn, objectIn, textIn } from '../../../api/entity.ts';
import { messages } from '../messages.ts';
import { EntityCard } from './card.tsx';

/** More than these are for the YAML. */
const MOST = 50;

export function TemplateCard({ entity }: { readonly entity: Entity }): ReactElement {
  const spec = objectIn(entity, 'spec');
  const steps = listIn(spec, 'steps');
  const fields = fieldsOf(spec);
  const template = stringifyRef({
    kind: entity.kind,
    namespace: namespaceOf(entity),
    name: entity.metadata.name,
  });
  return (
    <EntityCard
      title={messages.template}
      beside={
        <span className="template-ways">
          <Link className="cb-link" to={`/create/edit?${new URLSearchParams({ template }).toString()}`}>
            {messages.editTemplate}
          </Link>
          <ButtonLink variant="primary" size="small" href={formPath(entity)}>
            {messages.createFrom}
          </ButtonLink>
        </span>
      }
    >
      <h3>{messages.templateAsks}</h3>
      {fields.length === 0 && <p className="entity-none">{messages.templateAsksNothing}</p>}
      <ul className="plain">
        {fields.slice(0, MOST).map(({ key, title, isRequired }) => (
          <li key={key} className="target">
            <bdi>{title}</bdi>
            {isRequired && <span className="target-kind">{messages.required}</span>}
          </li>
        ))}
      </ul>
      <h3>{messages.templateSteps}</h3>
      {steps.length === 0 && <p className="entity-none">{messages.templateNoSteps}</p>}
      <ol className="template-steps">
        {steps.slice(0, MOST).map((step, index) => (
          <li key={index}>
            <bdi>{textIn(step, 'name') ?? textIn(step, 'id') ?? messages.templateStep}</bdi>{' '}
            <code>{textIn(step, 'action') ?? ''}</code>
          </li>
        ))}
      </ol>
      {Math.max(steps.length, fields.length) > MOST && <p className="entity-none">{messages.wholeInYaml}</p>}
    </EntityCard>
  );
}

/** The form of the template. */
function formPath(entity: Entity): string {
  return `/create/templates/${encodeURIComponent(namespaceOf(entity))}/${encodeURIComponent(entity.metadata.name)}`;
}

function namespaceOf(entity: Entity): string {
  return entity.metadata.namespace ?? DEFAULT_NAMESPACE;
}

interface Field {
  readonly key: string;
  readonly title: string;
  readonly isRequired: boolean;
}

/** The fields of the forms; `parameters` is one form or a list of them. */
function fieldsOf(spec: Readonly<Record<string, unknown>>): readonly Field[] {
  const { parameters } = spec;
  const forms = isObject(parameters) ? [parameters] : listIn(spec, 'parameters');
  return forms.flatMap((form, page) => {
    const required = listIn(form, 'required');
    return Object.entries(objectIn(form, 'properties')).map(([name, property]) => ({
      key: `${page} ${name}`,
      title: textIn(property, 'title') ?? name,
      isRequired: required.includes(name),
    }));
  });
}
