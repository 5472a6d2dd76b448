/** Makes a template's pages ready to be filled in: what hangs on a flag that is off is taken out, the rest is compiled. */
import { compileForm, type FormGraph } from '@callboard/form';
import { isObject } from '@callboard/model';
import type { FormPage, TemplateForm } from '../../../api/scaffolder.ts';
import { isJsonObject } from '../../../api/json-value.ts';
import { flagOf } from './split-schema.ts';

export interface PreparedForm extends TemplateForm {
  readonly graph: FormGraph;
}

type IsFlagOn = (flag: string) => boolean;

/** What is wrong with the rules of its fields is among its warnings. */
export async function prepareForm(form: TemplateForm, isFlagOn: IsFlagOn): Promise<PreparedForm> {
  const { pages, graph } = await preparePages(form.pages, isFlagOn);
  const known = new Set(form.warnings.map(({ code, path }) => `${code} ${path ?? ''}`));
  const news = graph.diagnostics.filter(
    ({ severity, code, path }) => severity !== 'info' && !known.has(`${code} ${path ?? ''}`),
  );
  return { ...form, pages, graph, warnings: [...form.warnings, ...news] };
}

export async function preparePages(
  given: readonly FormPage[],
  isFlagOn: IsFlagOn,
): Promise<{ readonly pages: readonly FormPage[]; readonly graph: FormGraph }> {
  const pages = given
    .filter(({ schema }) => isOn(schema, isFlagOn))
    .map((page) => ({ ...page, schema: dropOff(page.schema, isFlagOn) }));
  const schemas = pages.map(({ schema }) => (isJsonObject(schema) ? schema : {}));
  return { pages, graph: await compileForm({ pages: schemas }) };
}

function isOn(node: unknown, isFlagOn: IsFlagOn): boolean {
  const flag = flagOf(node);
  return flag === null || isFlagOn(flag);
}

/** The same object when nothing is taken out. */
function dropOff(
  node: Readonly<Record<string, unknown>>,
  isFlagOn: IsFlagOn,
): Readonly<Record<string, unknown>> {
  const { properties, required } = node;
  const kept = isObject(properties) ? dropOffProperties(properties, isFlagOn) : properties;
  const isGone = (name: unknown): boolean =>
    isObject(properties) && isObject(kept) && String(name) in properties && !(String(name) in kept);
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => {
    if (key === 'properties') return [key, kept];
    if (key !== 'required' || !Array.isArray(required) || !required.some(isGone)) {
      return [key, dropOffIn(value, isFlagOn)];
    }
    return [key, required.filter((name) => !isGone(name))];
  });
  return entries.every(([key, value]) => value === node[key]) ? node : Object.fromEntries(entries);
}

function dropOffIn(value: unknown, isFlagOn: IsFlagOn): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => dropOffIn(item, isFlagOn));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  return isObject(value) ? dropOff(value, isFlagOn) : value;
}

function dropOffProperties(
  properties: Readonly<Record<string, unknown>>,
  isFlagOn: IsFlagOn,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(properties);
  const kept = entries
    .filter(([, property]) => isOn(property, isFlagOn))
    .map(([key, value]): [string, unknown] => [key, dropOffIn(value, isFlagOn)]);
  const isSame = kept.length === entries.length && kept.every(([key, value]) => value === properties[key]);
  return isSame ? properties : Object.fromEntries(kept);
}
