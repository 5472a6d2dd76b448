/** An entity as the YAML that people write: the envelope in its usual order, long texts as blocks. */
import { stringify } from 'yaml';
import { objectIn } from '../../../api/entity.ts';

const ENVELOPE = ['apiVersion', 'kind', 'metadata', 'spec', 'relations', 'status'] as const;
const METADATA = ['namespace', 'name', 'title', 'description', 'labels', 'annotations', 'tags', 'links'];

export function yamlText(entity: object): string {
  const given = { ...entity, metadata: reordered(objectIn(entity, 'metadata'), METADATA) };
  return stringify(reordered(given, ENVELOPE), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The same keys, those that are named first. */
function reordered(
  object: Readonly<Record<string, unknown>>,
  first: readonly string[],
): Record<string, unknown> {
  const keys = new Set([...first.filter((key) => Object.hasOwn(object, key)), ...Object.keys(object)]);
  return Object.fromEntries([...keys].map((key) => [key, object[key]] as const));
}
