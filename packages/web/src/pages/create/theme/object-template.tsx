/** The fields of an object, in order, and the button that adds an entry where the schema lets there be more. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { canExpand, descriptionId, titleId, type ObjectFieldTemplateProps } from '@rjsf/utils';
import { Prose } from '../../../parts/prose.tsx';
import { messages } from '../messages.ts';
import { isItem, TitleTemplate } from './field-template.tsx';

export function ObjectTemplate(props: ObjectFieldTemplateProps): ReactElement {
  const { idSchema, title, description, properties, required, schema, uiSchema, formData, registry } = props;
  const { disabled, readonly, onAddClick } = props;
  const isRoot = idSchema.$id === 'root';
  const hasTitle = title !== '' && !isRoot;
  const isExpandable = canExpand(schema, uiSchema, formData);
  // Alternatives alone are drawn below it by rjsf.
  const isBare = properties.length === 0 && !isExpandable;
  const id = titleId(idSchema);
  return (
    <div
      className={isRoot ? 'form-fields' : 'form-group'}
      data-bare={isBare}
      role={isRoot ? undefined : 'group'}
      aria-labelledby={hasTitle ? id : undefined}
    >
      {hasTitle && (
        <TitleTemplate
          id={id}
          title={title}
          required={required === true && !isItem(idSchema.$id)}
          schema={schema}
          {...(uiSchema !== undefined && { uiSchema })}
          registry={registry}
        />
      )}
      {!isRoot && typeof description === 'string' && description !== '' && (
        <div className="form-hint" id={descriptionId(idSchema)}>
          <Prose text={description} />
        </div>
      )}
      {properties.map(({ name, content }) => (
        <div key={name} className="form-slot">
          {content}
        </div>
      ))}
      {isExpandable && (
        <Button
          variant="secondary"
          className="form-add"
          isDisabled={disabled === true || readonly === true}
          onPress={() => onAddClick(schema)()}
        >
          {messages.addEntry}
        </Button>
      )}
    </div>
  );
}
