/** Where a template names a field, a widget or a layout that this portal does not have: says so, and takes the plain value. */
import type { ReactElement } from 'react';
import type { FieldProps, UiSchema } from '@rjsf/utils';
import { isObject } from '@callboard/model';
import { textIn } from '../../../api/entity.ts';
import type { MissingWord } from '../form/split-schema.ts';
import { messages } from '../messages.ts';

export function MissingField(field: FieldProps): ReactElement {
  const { uiSchema = {}, registry } = field;
  const { SchemaField } = registry.fields;
  const options: unknown = uiSchema['ui:options'];
  const { missing, ...left } = isObject(options) ? options : {};
  const others = Object.entries(uiSchema).filter(([key]) => key !== 'ui:field' && key !== 'ui:options');
  const plain: UiSchema = Object.fromEntries([...others, ['ui:options', left]]);
  return (
    <>
      <div className="form-notice" role="note">
        <strong>{titleOf(missing)}</strong>
        <span>{messages.missingWhy[kindOf(missing)]}</span>
      </div>
      {SchemaField !== undefined && <SchemaField {...field} uiSchema={plain} />}
    </>
  );
}

function kindOf(missing: unknown): MissingWord['kind'] {
  const kind = textIn(missing, 'kind');
  return kind === 'widget' || kind === 'layout' || kind === 'reference' ? kind : 'field';
}

function titleOf(missing: unknown): string {
  const name = textIn(missing, 'name') ?? '';
  const kind = kindOf(missing);
  switch (kind) {
    case 'widget':
      return messages.missingWidget(name);
    case 'reference':
      return messages.missingReference(name);
    case 'layout':
      return messages.missingLayout(name);
    case 'field':
      return messages.missingField(name);
    default:
      return kind satisfies never;
  }
}
