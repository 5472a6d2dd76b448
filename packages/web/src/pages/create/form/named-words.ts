/** Whether a form names fields or layouts that are not there, or not yet, while custom ones are still loading. */
import { isObject } from '@callboard/model';
import type { FormPage } from '../../../api/scaffolder.ts';
import type { SplitDeps } from './split-schema.ts';

export function namesUnknown(
  pages: readonly FormPage[],
  { fields, layouts }: Pick<SplitDeps, 'fields' | 'layouts'>,
): boolean {
  return pages.some(({ schema }) => hasUnknown(schema, { fields, layouts }));
}

function hasUnknown(node: unknown, words: Pick<SplitDeps, 'fields' | 'layouts'>): boolean {
  if (Array.isArray(node)) return node.some((item) => hasUnknown(item, words));
  if (!isObject(node)) return false;
  const { 'ui:field': field, 'ui:ObjectFieldTemplate': layout } = node;
  if (typeof field === 'string' && !words.fields.has(field)) return true;
  if (typeof layout === 'string' && !words.layouts.has(layout)) return true;
  return Object.values(node).some((part) => hasUnknown(part, words));
}
