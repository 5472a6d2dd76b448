/** What this portal's forms have: its own fields, and what plugins add. */
import { BUILTIN_FIELDS } from '../fields/builtin.ts';
import type { FormExtensions } from './field-extension.ts';

/** Of the fields of one name the last one counts. */
export const EXTENSIONS: FormExtensions = {
  fields: BUILTIN_FIELDS,
  layouts: [],
  decorators: [],
};
