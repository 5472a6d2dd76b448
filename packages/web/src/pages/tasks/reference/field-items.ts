/** Every field that a form can have: the portal's own, what rules make, what plugins declare, and custom ones. */
import type { Example } from '../../../api/scaffolder-authoring.ts';
import type { DeclaredField } from '../../../api/forms.ts';
import type { ExtensionsState } from '../../../extensions/load/loader.ts';
import type { ExtensionProblem } from '../../../extensions/load/problem.ts';
import { compareText } from '../../../messages.ts';
import { DESCRIBED_FIELDS, FIELD_BY_RULES } from '../../create/fields/described.ts';
import type { FieldExtension } from '../../create/form/field-extension.ts';
import { messages } from './messages.ts';
import type { Named } from './two-panes.tsx';

export interface FieldItem extends Named {
  readonly origin: 'own' | 'rules' | 'plugin' | 'file';
  /** The plugin or the file that it is of; null for the portal's own, and where it is not known. */
  readonly from: string | null;
  /** JSON Schemas; null when nothing is said. */
  readonly returnValue: unknown;
  readonly options: unknown;
  readonly examples: readonly Example[];
  /** What keeps it from working. */
  readonly problems: readonly ExtensionProblem[];
}

export interface FieldSources {
  readonly declared: readonly DeclaredField[];
  readonly extensions: ExtensionsState;
  /** All that forms have now, with custom ones. */
  readonly fields: readonly FieldExtension[];
}

export function fieldItems({ declared, extensions, fields }: FieldSources): readonly FieldItem[] {
  const items = [
    rulesItem(),
    ...ownItems(),
    ...declared.map(declaredItem),
    ...customItems(extensions, fields),
  ];
  const first = new Map(items.toReversed().map((item) => [item.name, item]));
  // The name, for addresses that people write; of several with one name, the first.
  return items.map((item) => (first.get(item.name) === item ? { ...item, key: item.name } : item));
}

function rulesItem(): FieldItem {
  const { description, schema, example } = FIELD_BY_RULES;
  return {
    key: 'ui:source',
    name: 'ui:source',
    group: messages.fieldGroups.rules,
    origin: 'rules',
    from: null,
    description,
    returnValue: null,
    options: schema,
    examples: [{ description: null, text: example }],
    problems: [],
  };
}

function ownItems(): readonly FieldItem[] {
  return Object.entries(DESCRIBED_FIELDS).map(([name, { description, schema, example }]) => ({
    key: name,
    name,
    group: messages.fieldGroups.own,
    origin: 'own',
    from: null,
    description,
    returnValue: schema.returnValue,
    options: schema.uiOptions ?? null,
    examples: [{ description: null, text: example }],
    problems: [],
  }));
}

function declaredItem({
  name,
  plugin,
  description,
  returnValue,
  uiOptions,
  examples,
}: DeclaredField): FieldItem {
  return {
    key: `plugin:${name}`,
    name,
    group: messages.fieldGroups.plugin,
    origin: 'plugin',
    from: plugin,
    description,
    returnValue,
    options: uiOptions,
    examples,
    problems: [],
  };
}

function customItems(
  { extensions, problems }: ExtensionsState,
  fields: readonly FieldExtension[],
): readonly FieldItem[] {
  return extensions
    .flatMap(({ file, fields: names }) =>
      names.map((name): FieldItem => {
        const schema = fields.find((field) => field.name === name)?.schema;
        return {
          key: `file:${file}:${name}`,
          name,
          group: messages.fieldGroups.file,
          origin: 'file',
          from: file,
          description: null,
          returnValue: schema?.returnValue ?? null,
          options: schema?.uiOptions ?? null,
          examples: [],
          problems: problems.filter((problem) => problem.file === file),
        };
      }),
    )
    .toSorted((a, b) => compareText(a.name, b.name));
}

/** What is wrong with files that no field of the list stands for. */
export function otherProblems({ extensions, problems }: ExtensionsState): readonly ExtensionProblem[] {
  const shown = new Set(extensions.flatMap(({ file, fields }) => (fields.length > 0 ? [file] : [])));
  return problems.filter(({ file }) => !shown.has(file));
}
