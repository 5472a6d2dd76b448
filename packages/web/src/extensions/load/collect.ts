/**
 * What a file registers: every export that is a field, a layout or a decorator in one of Backstage's spellings, and lists
 * and plugins of them. A file that exports nothing of the kind registers the components that it exports, by their names.
 */
import type { ComponentType } from 'react';
import type { FieldProps, ObjectFieldTemplateProps } from '@rjsf/utils';
import { isObject } from '@callboard/model';
import type {
  FieldExtension,
  FormDecorator,
  LayoutExtension,
} from '../../pages/create/form/field-extension.ts';
import { provideFactory, type ApiFactory } from '../apis/api-ref.ts';
import { messages } from '../messages.ts';
import { DATA, getComponentData } from '../shims/component-data.ts';
import { DECORATOR_KIND, FIELD_KIND, FORM_DECORATOR, FORM_FIELD } from '../shims/form-field.ts';
import { expose } from '../shims/plugin.ts';
import { toDecorator } from './decorator.ts';
import { wordsOf } from './problem.ts';

export interface Collected {
  readonly fields: FieldExtension[];
  readonly layouts: LayoutExtension[];
  readonly decorators: FormDecorator[];
  /** What is wrong with exports that were meant to be one of these. */
  readonly problems: string[];
}

/** The plugin that hands extensions out which nobody provided. */
const NO_PLUGIN = { getId: () => 'extension' };
/** Lists in lists, plugins of plugins. */
const MAX_DEPTH = 5;

/** `module`: the namespace. Waits for fields that are loaded lazily. */
export async function collect(module: object): Promise<Collected> {
  const found: Collected = { fields: [], layouts: [], decorators: [], problems: [] };
  const exports = Object.entries({ ...module });
  const seen = new Set<unknown>();
  await Promise.all(exports.map(([, value]) => take(value, { found, seen, depth: 0 })));
  const isEmpty = found.fields.length + found.layouts.length + found.decorators.length === 0;
  if (isEmpty && found.problems.length === 0) found.fields.push(...componentsIn(exports));
  return found;
}

interface Taking {
  readonly found: Collected;
  /** An export and the default export are often the same. */
  readonly seen: Set<unknown>;
  readonly depth: number;
}

async function take(value: unknown, taking: Taking): Promise<void> {
  const { found, seen, depth } = taking;
  if ((!isObject(value) && typeof value !== 'function' && !Array.isArray(value)) || seen.has(value)) return;
  seen.add(value);
  if (depth > MAX_DEPTH) return;
  const members = Array.isArray(value) ? value : membersOf(value);
  if (members !== null) {
    await Promise.all(members.map((member) => take(member, { ...taking, depth: depth + 1 })));
    return;
  }
  const shown = expose(value, NO_PLUGIN);
  const field = getComponentData(shown, DATA.field);
  if (field !== undefined) return takeField(field, found);
  const layout = getComponentData(shown, DATA.layout);
  if (layout !== undefined) return takeLayout(layout, found);
  if (isObject(value)) await takeObject(value, found);
}

async function takeObject(value: Record<string, unknown>, found: Collected): Promise<void> {
  switch (value['$$type']) {
    case FORM_FIELD:
      return takeField(value, found);
    case FORM_DECORATOR:
      return takeDecorator(value, found);
    case '@backstage/ExtensionDefinition':
      return takeDefinition(value, found);
    default:
  }
  if (isFactory(value)) provideFactory(value);
  else if (typeof value['name'] === 'string' && isComponent(value['component'])) takeField(value, found);
}

async function takeDefinition(
  { kind, params, name }: Record<string, unknown>,
  found: Collected,
): Promise<void> {
  const given = isObject(params) ? params : {};
  if (isFactory(params)) provideFactory(params);
  if (kind === DECORATOR_KIND) return takeDecorator(given['decorator'], found);
  if (kind !== FIELD_KIND) return;
  const { field } = given;
  try {
    const loaded: unknown = await (typeof field === 'function' ? field() : field);
    takeField(loaded, found);
  } catch (thrown) {
    found.problems.push(`${messages.lazyFailed(typeof name === 'string' ? name : '')} ${wordsOf(thrown)}`);
  }
}

function takeField(given: unknown, { fields, problems }: Collected): void {
  const { name, component, validation, schema } = isObject(given) ? given : {};
  if (typeof name !== 'string' || name === '') problems.push(messages.noName);
  else if (!isComponent(component)) problems.push(messages.noComponent(name));
  else {
    const known = schemaOf(schema);
    fields.push({
      name,
      component,
      ...(isValidation(validation) ? { validation } : {}),
      ...(known === undefined ? {} : { schema: known }),
    });
  }
}

function takeLayout(given: unknown, { layouts, problems }: Collected): void {
  const { name, component } = isObject(given) ? given : {};
  if (typeof name !== 'string' || name === '') problems.push(messages.noName);
  else if (!isLayout(component)) problems.push(messages.noComponent(name));
  else layouts.push({ name, component });
}

function takeDecorator(given: unknown, { decorators, problems }: Collected): void {
  const decorator = toDecorator(given);
  if (decorator === null) problems.push(messages.noName);
  else decorators.push(decorator);
}

/** Either the two schemas, or what `makeFieldSchema` gave, which holds them. */
function schemaOf(schema: unknown): FieldExtension['schema'] | undefined {
  if (!isObject(schema)) return undefined;
  const { returnValue, uiOptions } = isObject(schema['schema']) ? schema['schema'] : schema;
  if (returnValue === undefined) return undefined;
  return uiOptions === undefined ? { returnValue } : { returnValue, uiOptions };
}

function componentsIn(exports: readonly (readonly [string, unknown])[]): readonly FieldExtension[] {
  const fields = new Map<unknown, FieldExtension>();
  for (const [key, value] of exports) {
    if (typeof value !== 'function' || !isComponent(value)) continue;
    const name = key === 'default' ? value.name : key;
    if (/^[A-Z]\w*$/.test(name) && !fields.has(value)) fields.set(value, { name, component: value });
  }
  return [...fields.values()];
}

/** Of a plugin or a module of the new frontend system. */
function membersOf(value: unknown): readonly unknown[] | null {
  if (!isObject(value) || value['$$type'] !== '@backstage/FrontendPlugin') return null;
  return Array.isArray(value['extensions']) ? value['extensions'] : [];
}

/** A function, or what `memo`, `lazy` and `forwardRef` make. */
function isComponent(value: unknown): value is ComponentType<FieldProps> {
  return typeof value === 'function' || (isObject(value) && typeof value['$$typeof'] === 'symbol');
}

function isLayout(value: unknown): value is ComponentType<ObjectFieldTemplateProps> {
  return isComponent(value);
}

function isValidation(value: unknown): value is NonNullable<FieldExtension['validation']> {
  return typeof value === 'function';
}

function isFactory(value: unknown): value is ApiFactory {
  return (
    isObject(value) &&
    isObject(value['api']) &&
    typeof value['factory'] === 'function' &&
    isObject(value['deps'])
  );
}
