/** Looks at a repository or file that somebody wants to register: what is there already, and what could be made. */
import { CodedError } from '@callboard/kernel';
import { checkEnvelope, type Entity, type EntityEnvelope, type LocationRef } from '@callboard/model';
import type { Catalog } from './catalog.ts';
import { parseDocuments } from './source/documents.ts';

export interface AnalyzeRequest {
  readonly location: LocationRef;
  /** Default: `catalog-info.yaml`. */
  readonly catalogFilename?: string;
}

export interface AnalyzeResult {
  readonly existingEntityFiles: readonly {
    readonly location: LocationRef;
    readonly isRegistered: boolean;
    readonly entity: EntityEnvelope;
  }[];
  readonly generateEntities: readonly {
    readonly entity: Entity;
    readonly fields: readonly never[];
  }[];
}

const SLUG_ANNOTATIONS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)github\./, 'github.com/project-slug'],
  [/(?:^|\.)gitlab\./, 'gitlab.com/project-slug'],
  [/(?:^|\.)bitbucket\./, 'bitbucket.org/project-slug'],
  [/(?:^|\.)(?:dev\.azure\.com|visualstudio\.com)$/, 'dev.azure.com/project-slug'],
];
const YAML_FILE = /\.ya?ml$/i;
const DEFAULT_FILENAME = 'catalog-info.yaml';

/** @throws CodedError 400 `catalog/invalid-location` when the target is not the URL of a repository. */
export async function analyzeLocation(catalog: Catalog, request: AnalyzeRequest): Promise<AnalyzeResult> {
  const { location, catalogFilename = DEFAULT_FILENAME } = request;
  const url = toRepositoryUrl(location.target);
  const candidates = YAML_FILE.test(url.pathname)
    ? [location.target]
    : ['main', 'master'].map((branch) => catalogFileUrl(url, { branch, catalogFilename }));
  for (const target of candidates) {
    const entities = await readEntities(catalog, target);
    if (entities.length === 0) continue;
    const isRegistered = catalog.locations.find({ type: location.type, target }) !== undefined;
    return {
      existingEntityFiles: entities.map((entity) => ({
        location: { type: location.type, target },
        isRegistered,
        entity,
      })),
      generateEntities: [],
    };
  }
  return { existingEntityFiles: [], generateEntities: [{ entity: toSuggestion(url), fields: [] }] };
}

function toRepositoryUrl(target: string): URL {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url !== null && url.pathname.split('/').filter(Boolean).length >= 2) return url;
  throw new CodedError(
    400,
    'catalog/invalid-location',
    'The given location.target is not the URL of a repository',
  );
}

function catalogFileUrl(
  url: URL,
  { branch, catalogFilename }: { branch: string; catalogFilename: string },
): string {
  const repository = `${url.origin}${url.pathname.replace(/\/$/, '').replace(/\.git$/, '')}`;
  const middle = /(?:^|\.)gitlab\./.test(url.hostname) ? '/-/blob/' : '/blob/';
  return `${repository}${middle}${branch}/${catalogFilename}`;
}

/** The entities of a file; none when it cannot be read, for whatever reason. */
async function readEntities(catalog: Catalog, target: string): Promise<EntityEnvelope[]> {
  const reader = catalog.readers.find((candidate) => candidate.type === 'url');
  const found: EntityEnvelope[] = [];
  for await (const outcome of reader?.read({ target, optional: true, fingerprints: new Map() }) ?? []) {
    if (outcome.kind !== 'content') continue;
    for (const { value } of parseDocuments({ bytes: outcome.bytes, file: target }).documents) {
      const envelope = checkEnvelope(value);
      if (envelope.ok) found.push(envelope.entity);
    }
  }
  return found;
}

function toSuggestion(url: URL): Entity {
  const [owner = '', repository = ''] = url.pathname.split('/').filter(Boolean);
  const name = repository.replace(/\.git$/, '');
  const slug = SLUG_ANNOTATIONS.find(([host]) => host.test(url.hostname))?.[1];
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, ...(slug !== undefined && { annotations: { [slug]: `${owner}/${name}` } }) },
    spec: { type: 'other', lifecycle: 'unknown' },
  };
}
