/** `@backstage/plugin-scaffolder`: its plugin object, which fields are most often provided by, and what moved out of it. */
import { makeFieldSchemaFromZod } from './field-schema.ts';
import { createPlugin } from './plugin.ts';
import { scaffolderReact } from './scaffolder-react.ts';

export const scaffolder = {
  ...scaffolderReact,
  makeFieldSchemaFromZod,
  scaffolderPlugin: createPlugin({ id: 'scaffolder' }),
};
