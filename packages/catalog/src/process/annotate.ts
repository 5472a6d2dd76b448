/** Says on each entity that came from a URL where people can see and edit it, and where its source code is. */
import { ANNOTATION, isObject, isScriptUrl, type EntityEnvelope } from '@callboard/model';
import type { Processor } from './processor.ts';

/** What is known of the forges that URLs lead to. */
export interface SourceUrls {
  /** The URL that edits a file; null for a host that is no configured forge. */
  resolveEditUrl(url: string): string | null;
  /** The URL of the folder a file is in; null for a host that is no configured forge. */
  folderUrl(url: string): string | null;
}

/** A commit in the URL means that it cannot be edited there. */
const COMMIT = /\b[0-9a-f]{40,}\b/;
const REJECTED = 'https://backstage.io/annotation-rejected-for-security-reasons';

export function createAnnotator(urls: SourceUrls): Processor {
  return {
    name: 'AnnotateLocationEntityProcessor',
    preProcess: (entity, context) => {
      const { type, target } = context.location;
      const written = isObject(entity.metadata['annotations']) ? entity.metadata['annotations'] : {};
      if (type !== 'url') return withoutScripts(entity, written);
      const folder = urls.folderUrl(target);
      const editUrl = COMMIT.test(target) ? null : urls.resolveEditUrl(target);
      const annotations = {
        [ANNOTATION.viewUrl]: target,
        ...(editUrl !== null && { [ANNOTATION.editUrl]: editUrl }),
        ...(folder !== null && { [ANNOTATION.sourceLocation]: `url:${folder}` }),
        ...written,
      };
      return withoutScripts(withAnnotations(entity, annotations), annotations);
    },
  };
}

/** Links that would run a script in the page that shows them are replaced, as Backstage does. */
function withoutScripts(entity: EntityEnvelope, annotations: Record<string, unknown>): EntityEnvelope {
  const bad = [ANNOTATION.viewUrl, ANNOTATION.editUrl].filter((name) => {
    const url = annotations[name];
    return typeof url === 'string' && isScriptUrl(url);
  });
  if (bad.length === 0) return entity;
  return withAnnotations(entity, {
    ...annotations,
    ...Object.fromEntries(bad.map((name) => [name, REJECTED])),
  });
}

function withAnnotations(entity: EntityEnvelope, annotations: Record<string, unknown>): EntityEnvelope {
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}
