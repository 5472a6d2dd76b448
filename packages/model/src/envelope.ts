/**
 * The first look at a document: is it enough of an entity to have a name? What passes can be stored, have
 * its placeholders replaced, and carry the problems that are found later.
 * The rule is Backstage's entity envelope: apiVersion, kind and metadata.name, nothing about the rest.
 */
import type { EntityEnvelope } from './entity.ts';
import { isObject } from './json.ts';
import { typeOf, type Problem } from './problem.ts';
import { compileShape, missingField, text } from './shape.ts';

export type EnvelopeResult =
  | { readonly ok: true; readonly entity: EntityEnvelope }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const checkText = compileShape(text);
const checkMetadata = compileShape({ is: 'object' });

/**
 * Reads anything as an entity envelope. Only own members count, since what is inherited does not survive
 * being stored. Never throws: an object that throws when it is read is a problem like any other.
 */
export function checkEnvelope(value: unknown): EnvelopeResult {
  try {
    const problems = envelopeProblems(value);
    return isEnvelope(value, problems) ? { ok: true, entity: value } : { ok: false, problems };
  } catch (error) {
    return { ok: false, problems: [unreadable(error)] };
  }
}

function envelopeProblems(value: unknown): readonly Problem[] {
  if (!isObject(value)) return [notAnObject(value)];
  const problems: Problem[] = [];

  function checkOwn(object: Record<string, unknown>, field: { key: string; path: string }): void {
    const { key, path } = field;
    const member = Object.hasOwn(object, key) ? object[key] : undefined;
    if (member === undefined) problems.push(missingField(path));
    else problems.push(...checkText(member, path));
  }

  checkOwn(value, { key: 'apiVersion', path: 'apiVersion' });
  checkOwn(value, { key: 'kind', path: 'kind' });
  const metadata = Object.hasOwn(value, 'metadata') ? value['metadata'] : undefined;
  if (metadata === undefined) problems.push(missingField('metadata'));
  else if (!isObject(metadata)) problems.push(...checkMetadata(metadata, 'metadata'));
  else {
    checkOwn(metadata, { key: 'name', path: 'metadata.name' });
    if (metadata['namespace'] !== undefined) {
      checkOwn(metadata, { key: 'namespace', path: 'metadata.namespace' });
    }
  }
  return problems;
}

/** True when there are no problems: then the members that `EntityEnvelope` names have been looked at. */
function isEnvelope(value: unknown, problems: readonly Problem[]): value is EntityEnvelope {
  return problems.length === 0;
}

/** The problem of a document that is no mapping at all. */
export function notAnObject(value: unknown): Problem {
  return {
    path: '',
    code: 'model/not-an-object',
    message: `An entity must be a mapping, but the document is ${typeOf(value)}.`,
    hint: 'Start it with apiVersion, kind and metadata.',
  };
}

function unreadable(error: unknown): Problem {
  const reason = error instanceof Error ? error.message : 'something that is not an error was thrown';
  return { path: '', code: 'model/unreadable', message: `The document could not be read: ${reason}.` };
}
