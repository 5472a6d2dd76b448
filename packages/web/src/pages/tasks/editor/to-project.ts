/** A template of the catalog as its author wrote it: without what the catalog added. */
import { isObject, type Entity } from '@callboard/model';
import { objectIn } from '../../../api/entity.ts';
import type { Project } from './project.ts';

/** Annotations that the catalog writes itself. */
const ADDED = /^backstage\.io\/(?:managed-by|orphan|view-url|edit-url|source-location)/;
const TEMPLATE_PATH = 'template.yaml';

/** Loads the YAML library. */
export async function toProject(entity: Entity): Promise<Project> {
  const { stringify } = await import('yaml');
  const { relations: _relations, status: _status, apiVersion, kind, metadata: given, ...rest } = entity;
  const { uid: _uid, etag: _etag, generation: _generation, ...metadata } = given;
  const annotations = Object.entries(objectIn(metadata, 'annotations')).filter(([name]) => !ADDED.test(name));
  const { annotations: _annotations, ...others } = metadata;
  // In the order that authors write.
  const written = {
    apiVersion,
    kind,
    metadata: {
      ...others,
      ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    },
    ...rest,
  };
  const title = isObject(metadata) && typeof metadata['title'] === 'string' ? metadata['title'] : null;
  return {
    name: title ?? entity.metadata.name,
    templatePath: TEMPLATE_PATH,
    files: [
      {
        path: TEMPLATE_PATH,
        text: stringify(written, { lineWidth: 0 }),
        base64: null,
        handle: null,
        isChanged: false,
      },
    ],
    leftOut: 0,
  };
}
