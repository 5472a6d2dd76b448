/**
 * A template as its form is shown: pages, texts, and what of it will not work here. Wire form of Backstage's
 * `parameter-schema`, with `templateVersion`, `approval` and `warnings` added.
 */
import {
  childPath,
  isObject,
  itemPath,
  type Diagnostic,
  type JsonObject,
  type JsonValue,
} from '@callboard/model';
import type { FormUser } from '@callboard/form';
import type { ActionRegistry } from '../actions/registry.ts';
import type { Template } from '../template/template.ts';

/** The fields that forms here know by themselves, as values of `ui:field`. */
export const BUILT_IN_FIELDS: readonly string[] = [
  'EntityNamePicker',
  'EntityPicker',
  'EntityTagsPicker',
  'MultiEntityPicker',
  'MyGroupsPicker',
  'OwnedEntityPicker',
  'OwnerPicker',
  'RepoBranchPicker',
  'RepoOwnerPicker',
  'RepoUrlPicker',
  'Secret',
];

export type FormPage = {
  readonly title: string;
  readonly description?: string;
  readonly schema: JsonObject;
};

export interface ParameterSchema {
  readonly title: string;
  readonly description?: string;
  readonly presentation?: JsonValue;
  readonly 'ui:options'?: JsonValue;
  readonly steps: readonly FormPage[];
  readonly formDecorators?: JsonValue;
  readonly EXPERIMENTAL_formDecorators?: JsonValue;
  readonly templateVersion: string;
  /** Who is going to be asked before anything runs. Expressions are not rendered yet. */
  readonly approval?: { readonly message: string; readonly by: readonly string[] };
  readonly warnings: readonly Diagnostic[];
  /** Who the form is for, as its expressions see them. */
  readonly user: FormUser;
}

export interface ParameterSchemaOptions {
  readonly actions: Pick<ActionRegistry, 'find'>;
  /** Names of further fields that plugins and files of the browser bring. Default: none. */
  readonly fields?: readonly string[];
  /** The pages with the fields of plugins written out, and what is wrong with those. */
  readonly expanded: { readonly pages: readonly JsonObject[]; readonly warnings: readonly Diagnostic[] };
  readonly user: FormUser;
}

/** Objects of the pages that are looked at for warnings. */
const MAX_OBJECTS = 20_000;

export function parameterSchema(template: Template, options: ParameterSchemaOptions): ParameterSchema {
  const { entity, version, approval } = template;
  const { expanded, user } = options;
  const { metadata, spec = {} } = entity;
  const optional = (key: string, value: unknown): object => (value === undefined ? {} : { [key]: value });
  return {
    title: metadata.title ?? metadata.name,
    ...optional('description', metadata.description),
    ...optional('presentation', spec['presentation']),
    ...optional('ui:options', metadata['ui:options']),
    steps: pagesOf(expanded.pages),
    ...optional('formDecorators', spec['formDecorators'] ?? spec['EXPERIMENTAL_formDecorators']),
    ...optional('EXPERIMENTAL_formDecorators', spec['EXPERIMENTAL_formDecorators']),
    templateVersion: version,
    ...(approval !== null && { approval: approvalOf(approval) }),
    warnings: [
      ...actionWarnings(template, options),
      ...fieldWarnings(template, options),
      ...expanded.warnings,
    ],
    user,
  };
}

/** Pages with a title each. Those for a feature flag are left to the browser, which knows who has which. */
function pagesOf(pages: readonly JsonObject[]): readonly FormPage[] {
  return pages.map((schema, index) => {
    const { title, description } = schema;
    return {
      title: typeof title === 'string' && title !== '' ? title : `Step ${index + 1}`,
      ...(typeof description === 'string' && { description }),
      schema,
    };
  });
}

function approvalOf(approval: JsonObject): { readonly message: string; readonly by: readonly string[] } {
  const { message, by } = approval;
  const people: readonly (JsonValue | undefined)[] = Array.isArray(by) ? by : [by];
  return {
    message: typeof message === 'string' ? message : 'Somebody has to agree before this runs.',
    by: people.filter((one) => typeof one === 'string'),
  };
}

function actionWarnings({ steps }: Template, { actions }: ParameterSchemaOptions): readonly Diagnostic[] {
  return steps.flatMap(({ id, action }, index): readonly Diagnostic[] => {
    if (actions.find(action) !== null) return [];
    return [
      {
        severity: 'error',
        code: 'template/unknown-action',
        summary: `Step ${JSON.stringify(id)} uses the action ${JSON.stringify(action)}, which is not there.`,
        detail: 'Install the plugin that has it, or correct its name; `callboard actions list` shows all.',
        path: childPath(itemPath('spec.steps', index), 'action'),
      },
    ];
  });
}

function fieldWarnings(template: Template, options: ParameterSchemaOptions): readonly Diagnostic[] {
  const known = new Set([...BUILT_IN_FIELDS, ...(options.fields ?? [])]);
  const isList = Array.isArray(template.entity.spec?.['parameters']);
  const warnings: Diagnostic[] = [];
  for (const [index, page] of template.pages.entries()) {
    const root = isList ? itemPath('spec.parameters', index) : 'spec.parameters';
    for (const { path, of } of objectsIn(page, root)) {
      const field = of['ui:field'];
      if (typeof field === 'string' && !known.has(field)) warnings.push(unknownField(field, path));
    }
  }
  return warnings;
}

function unknownField(field: string, path: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'template/unknown-field',
    summary: `The form uses the field ${JSON.stringify(field)}, which the portal does not have by itself.`,
    detail: 'It is shown as a plain input unless a plugin of the browser brings it.',
    path: childPath(path, 'ui:field'),
  };
}

interface Found {
  readonly path: string;
  readonly of: Readonly<Record<string, unknown>>;
}

/** Values, and not more of the form. */
const VALUES = ['default', 'const', 'enum', 'examples', 'ui:options'];

/** Every object of a page, the page first, without recursion. */
function objectsIn(page: JsonObject, root: string): readonly Found[] {
  const found: Found[] = [{ path: root, of: page }];
  for (const { path, of } of found) {
    if (found.length > MAX_OBJECTS) break;
    for (const [key, value] of Object.entries(of)) {
      if (VALUES.includes(key)) continue;
      const at = childPath(path, key);
      if (isObject(value)) found.push({ path: at, of: value });
      if (!Array.isArray(value)) continue;
      for (const [index, item] of value.entries()) {
        if (isObject(item)) found.push({ path: itemPath(at, index), of: item });
      }
    }
  }
  return found;
}
