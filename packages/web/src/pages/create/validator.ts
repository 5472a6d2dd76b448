/** The validator of rjsf's forms: it interprets the schema, where rjsf's own compiles it and needs `eval`. */
import {
  createErrorHandler,
  ERRORS_KEY,
  getDefaultFormState,
  toErrorList,
  unwrapErrorHandler,
  validationDataMerge,
  type CustomValidator,
  type ErrorSchema,
  type ErrorTransformer,
  type RJSFSchema,
  type RJSFValidationError,
  type UiSchema,
  type ValidationData,
  type ValidatorType,
} from '@rjsf/utils';
import { checkValues, isValid, type ValueError } from '@callboard/form';

/** One for every form: it holds nothing. */
export const formValidator: ValidatorType = {
  isValid: (schema, values, root) => isValid(schema, values, root),
  // Only rjsf's playground asks for it.
  rawValidation: () => ({}),
  validateFormData,
  toErrorList,
};

function validateFormData(
  values: unknown,
  schema: RJSFSchema,
  customValidate?: CustomValidator,
  transformErrors?: ErrorTransformer,
  uiSchema?: UiSchema,
): ValidationData<unknown> {
  const found = checkValues(schema, values).map(toValidationError);
  const errors = transformErrors?.(found, uiSchema) ?? found;
  const data = { errors, errorSchema: toErrorTree(errors.map(toPlace)) };
  if (customValidate === undefined) return data;
  const full = getDefaultFormState(formValidator, schema, values, schema, true);
  const handler = customValidate(full, createErrorHandler(full), uiSchema);
  return validationDataMerge(data, unwrapErrorHandler(handler));
}

/** As rjsf has it: `property` is `.name.0.part`. */
function toValidationError({ path, message, keyword }: ValueError): RJSFValidationError {
  return {
    name: keyword,
    message,
    property: path.map((key) => `.${key}`).join(''),
    params: { path },
    stack: path.length === 0 ? message : `'${path.at(-1) ?? ''}' ${message}`,
  };
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function toPlace(error: RJSFValidationError): Place {
  const params: unknown = error.params;
  const path: unknown =
    typeof params === 'object' && params !== null && 'path' in params ? params.path : undefined;
  return {
    path: Array.isArray(path)
      ? path.map(String)
      : (error.property ?? '').split('.').filter((key) => key !== ''),
    message: error.message ?? '',
  };
}

/** Errors by the path of their field, as rjsf shows them: `{name: {__errors: ['…']}}`. */
export function toErrorTree(places: readonly Place[]): ErrorSchema {
  const tree: ErrorSchema = {};
  for (const { path, message } of places) {
    let node = tree;
    for (const key of path) node = childOf(node, String(key));
    const errors = (node[ERRORS_KEY] ??= []);
    if (!errors.includes(message)) errors.push(message);
  }
  return tree;
}

function childOf(node: ErrorSchema, key: string): ErrorSchema {
  const next = Object.hasOwn(node, key) ? node[key] : undefined;
  if (next !== undefined) return next;
  const made: ErrorSchema = {};
  // A key such as __proto__ is a key like any other.
  Object.defineProperty(node, key, { value: made, enumerable: true, configurable: true, writable: true });
  return made;
}
