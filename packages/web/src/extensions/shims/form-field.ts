/** The spelling of the new frontend system: fields and decorators as marked objects, and blueprints that carry them. */
import { createBlueprint } from './blueprint.ts';

export const FORM_FIELD = '@backstage/scaffolder/FormField';
export const FORM_DECORATOR = '@backstage/scaffolder/FormDecorator';
export const FIELD_KIND = 'scaffolder-form-field';
export const DECORATOR_KIND = 'scaffolder-form-decorator';

/** `options`: `{name, component, validation?, schema?}`; `schema` is what `makeFieldSchema` gave. */
export function createFormField(options: object): object {
  return { ...options, $$type: FORM_FIELD, version: 'v1' };
}

/** `options`: `{id, schema?: {input?}, deps?, decorator}` */
export function createScaffolderFormDecorator(options: object): object {
  return { ...options, $$type: FORM_DECORATOR, version: 'v1', TInput: null };
}

export const FormFieldBlueprint = createBlueprint(FIELD_KIND);
export const FormDecoratorBlueprint = createBlueprint(DECORATOR_KIND);
