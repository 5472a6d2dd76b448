/** An entity as the YAML that people write: the envelope in its usual order, long texts as blocks. */
import type { Entity } from '@callboard/model';

const ENVELOPE = ['apiVersion', 'kind', 'metadata', 'spec', 'relations', 'status'] as const;
const METADATA = ['namespace', 'name', 'title', 'description', 'labels', 'annotations', 'tags', 'links'];

/** Loads the YAML library, which is a chunk of its own. */
export async function toYaml(entity: Entity): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(inOrder(entity), { lineWidth: 0, aliasDuplicateObjects: false });
}

function inOrder(entity: Entity): Record<string, unknown> {
  const given: Record<string, unknown> = { ...entity, metadata: reordered(entity.metadata, METADATA) };
  return reordered(given, ENVELOPE);
}

/** The same keys, those that are named first. */
function reordered(
  object: Readonly<Record<string, unknown>>,
  first: readonly string[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of [...first, ...Object.keys(object)]) {
    if (object[key] !== undefined) result[key] = object[key];
  }
  return result;
}
