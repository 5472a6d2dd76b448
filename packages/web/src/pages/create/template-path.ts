/** The address of a template's form, as Backstage writes it. */
import type { EntityRef } from '@callboard/model';

export function templatePath({ namespace, name }: Pick<EntityRef, 'namespace' | 'name'>): string {
  return `/create/templates/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}
