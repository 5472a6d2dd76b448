/** Checks catalog files the way reading them would, without a database and without the network. */
import { readFile } from 'node:fs/promises';
import { messageOf } from '@callboard/kernel';
import {
  BUILTIN_KINDS,
  createModel,
  refOf,
  toDiagnostic,
  type Diagnostic,
  type EntityEnvelope,
} from '@callboard/model';
import { checkInput } from './process/input.ts';
import { toLocationKey, withLocations } from './process/location.ts';
import { createPipeline, type Pipeline } from './process/pipeline.ts';
import { createSubstitution } from './process/substitute.ts';
import { locate, parseDocuments } from './source/documents.ts';
import type { UrlReading } from './source/read-url.ts';

export interface ValidationResult {
  /** How many documents were looked at. */
  readonly entities: number;
  /** In the order of files and lines. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a URL stands for when nothing is fetched: it is text, JSON and YAML at once. */
const NOT_FETCHED = Buffer.from('{}');

const offline: UrlReading = {
  read: async () => ({ kind: 'content', bytes: NOT_FETCHED, etag: null }),
  resolveUrl: (url, base) => new URL(url, base).href,
};

/** `files`: absolute paths. Never rejects for what the files hold. */
export async function validateSources(
  files: readonly string[],
  options: { readonly onFile?: () => void } = {},
): Promise<ValidationResult> {
  const pipeline = createPipeline(createModel({ kinds: BUILTIN_KINDS }), [
    createSubstitution({ urls: offline }),
  ]);
  const definedIn = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  let entities = 0;
  for (const file of files) {
    try {
      const result = await validateFile({ file, bytes: await readFile(file) }, { pipeline, definedIn });
      entities += result.entities;
      diagnostics.push(...result.diagnostics);
    } catch (error) {
      const summary = `file ${file} could not be read, ${messageOf(error)}`;
      diagnostics.push({ severity: 'error', code: 'catalog/source-unreadable', summary, file });
    }
    options.onFile?.();
  }
  return { entities, diagnostics };
}

async function validateFile(
  source: { readonly file: string; readonly bytes: Uint8Array },
  { pipeline, definedIn }: { pipeline: Pipeline; definedIn: Map<string, string> },
): Promise<ValidationResult> {
  const { documents, diagnostics } = parseDocuments(source);
  const found = [...diagnostics];
  const key = toLocationKey({ type: 'file', target: source.file });
  for (const document of documents) {
    const place = (path = ''): Pick<Diagnostic, 'file' | 'line' | 'column'> => ({
      file: source.file,
      line: document.line,
      ...locate(source, document.index, path),
    });
    const envelope = checkInput(document.value);
    if (!envelope.ok) {
      found.push(...envelope.problems.map((problem) => toDiagnostic(problem, place(problem.path))));
      continue;
    }
    const { problems } = await pipeline(withLocations(envelope.entity, { location: key, origin: key }));
    found.push(...problems.map((problem) => ({ ...problem, ...place(problem.path) })));
    const twin = firstDefinition(envelope.entity, `${source.file}:${document.line}`, definedIn);
    if (twin === null) continue;
    found.push({
      severity: 'error',
      code: 'catalog/duplicate-entity',
      summary: `${refOf(envelope.entity)} is defined twice, also at ${twin}`,
      detail: 'References are compared without regard to case. Rename or remove one of the two.',
      ...place('metadata.name'),
    });
  }
  return { entities: documents.length, diagnostics: found.toSorted(byPlace) };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** Where the same entity was defined before; null for the first definition. */
function firstDefinition(
  entity: EntityEnvelope,
  here: string,
  definedIn: Map<string, string>,
): string | null {
  const ref = refOf(entity);
  const known = definedIn.get(ref);
  if (known === undefined) definedIn.set(ref, here);
  return known ?? null;
}
