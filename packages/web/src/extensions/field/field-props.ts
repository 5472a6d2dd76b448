/**
 * What a custom field gets: the props of rjsf 5, complete, with those that older fields read as well. Handlers stay the
 * same function, so that an effect which depends on one does not run at every change of the form.
 */
import { useMemo, useRef } from 'react';
import type { FieldProps, UiSchema } from '@rjsf/utils';
import { isObject } from '@callboard/model';

const NO_ERRORS: string[] = [];
const NO_TREE = {};

export function useFieldProps(field: FieldProps): FieldProps {
  const { registry, uiSchema, name, idSchema } = field;
  const latest = useRef(field);
  latest.current = field;
  const handlers = useMemo(
    () => ({
      onChange: (...given: Parameters<FieldProps['onChange']>): unknown => latest.current.onChange(...given),
      onBlur: (...given: Parameters<FieldProps['onBlur']>) => latest.current.onBlur(...given),
      onFocus: (...given: Parameters<FieldProps['onFocus']>) => latest.current.onFocus(...given),
    }),
    [],
  );
  const completeUi = useMemo((): UiSchema => {
    const options: unknown = uiSchema?.['ui:options'];
    return Object.assign({ ...uiSchema }, { 'ui:options': isObject(options) ? options : {} });
  }, [uiSchema]);
  const completeRegistry = useMemo(
    // `definitions` is of rjsf before 5.
    () => ({ ...registry, definitions: registry.rootSchema.definitions ?? {} }),
    [registry],
  );
  return {
    ...field,
    ...handlers,
    uiSchema: completeUi,
    registry: completeRegistry,
    formContext: field.formContext ?? registry.formContext ?? NO_TREE,
    rawErrors: field.rawErrors ?? NO_ERRORS,
    errorSchema: field.errorSchema ?? NO_TREE,
    idSchema: idSchema ?? { $id: `root_${name}` },
    disabled: field.disabled === true,
    readonly: field.readonly === true,
    required: field.required === true,
    placeholder: field['placeholder'] ?? completeUi['ui:placeholder'],
  };
}
