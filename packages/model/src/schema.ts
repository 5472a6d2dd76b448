/**
 * What every entity must look like, whatever its kind: the shape of the envelope and of the metadata, no
 * fields beside the known ones, and the form of names, labels, tags and links.
 */
import { isNonBlank, isUrl, type FieldRule, type FieldRules } from './fields.ts';
import { isObject } from './json.ts';
import { childPath, itemPath } from './path.ts';
import { quote, type Problem } from './problem.ts';
import { anyObject, anyText, compileShape, text, texts, type ObjectShape } from './shape.ts';

const LINK: ObjectShape = {
  is: 'object',
  required: { url: text },
  optional: { title: text, icon: text, type: text },
};

const METADATA: ObjectShape = {
  is: 'object',
  required: { name: text },
  optional: {
    uid: text,
    etag: text,
    namespace: text,
    title: text,
    description: anyText,
    labels: { is: 'object', others: anyText },
    annotations: { is: 'object', others: anyText },
    tags: texts,
    links: { is: 'list', of: LINK },
  },
};

const ENTITY: ObjectShape = {
  is: 'object',
  required: { apiVersion: text, kind: text, metadata: METADATA },
  optional: { spec: anyObject },
};

const LINK_URL: FieldRule = { test: isUrl, expects: 'a full URL with its scheme' };
const LINK_TEXT: FieldRule = { test: isNonBlank, expects: 'a text, not only spaces' };

/** The shape that the type `Entity` promises, without `relations` and `status`. */
export const checkEntityShape = compileShape(ENTITY);

const KNOWN_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec']);
const OUTPUT_FIELDS: ReadonlySet<string> = new Set(['relations', 'status']);

/** A problem for each member of the document that is not apiVersion, kind, metadata or spec. */
export function checkRootFields(entity: Record<string, unknown>): Problem[] {
  const foreign = Object.keys(entity).filter((key) => !KNOWN_FIELDS.has(key));
  return foreign.map((key) => ({
    path: childPath('', key),
    code: 'model/unknown-field',
    message: `${quote(key)} is not a field of an entity.`,
    hint: OUTPUT_FIELDS.has(key)
      ? 'Remove it: the catalog works it out by itself.'
      : 'Remove it, or move it below spec or metadata.',
  }));
}

/**
 * The check of the form of every field that has one, by the given rules. It looks only at values that have
 * the right type and are not empty where they must not be, so it repeats nothing of `checkEntityShape`.
 */
export function compileFormats(rules: FieldRules): (entity: Record<string, unknown>) => Problem[] {
  const checkLabels = compilePairs('metadata.labels', { key: rules.labelKey, value: rules.labelValue });
  const checkAnnotations = compilePairs('metadata.annotations', {
    key: rules.annotationKey,
    value: rules.annotationValue,
  });
  return (entity) => {
    const problems: Problem[] = [];

    function checkText(value: unknown, field: { path: string; rule: FieldRule }): void {
      if (typeof value !== 'string' || value === '' || field.rule.test(value)) return;
      problems.push(invalidFormat(value, { path: field.path, hint: `Use ${field.rule.expects}.` }));
    }

    checkText(entity['apiVersion'], { path: 'apiVersion', rule: rules.apiVersion });
    checkText(entity['kind'], { path: 'kind', rule: rules.kind });
    const metadata = entity['metadata'];
    if (!isObject(metadata)) return problems;
    checkText(metadata['name'], { path: 'metadata.name', rule: rules.name });
    checkText(metadata['namespace'], { path: 'metadata.namespace', rule: rules.namespace });
    checkLabels(metadata['labels'], problems);
    checkAnnotations(metadata['annotations'], problems);
    for (const [index, tag] of itemsOf(metadata['tags'])) {
      if (typeof tag !== 'string' || tag === '' || rules.tag.test(tag)) continue;
      checkText(tag, { path: itemPath('metadata.tags', index), rule: rules.tag });
    }
    for (const [index, link] of itemsOf(metadata['links'])) {
      if (!isObject(link)) continue;
      const path = itemPath('metadata.links', index);
      checkText(link['url'], { path: `${path}.url`, rule: LINK_URL });
      checkText(link['title'], { path: `${path}.title`, rule: LINK_TEXT });
      checkText(link['icon'], { path: `${path}.icon`, rule: LINK_TEXT });
    }
    return problems;
  };
}

function itemsOf(value: unknown): Iterable<[number, unknown]> {
  return Array.isArray(value) ? value.entries() : [];
}

function compilePairs(
  path: string,
  rules: { readonly key: FieldRule; readonly value: FieldRule },
): (pairs: unknown, problems: Problem[]) => void {
  const keyHint = `As a key, use ${rules.key.expects}.`;
  const valueHint = `Use ${rules.value.expects}.`;
  return (pairs, problems) => {
    if (!isObject(pairs)) return;
    for (const key of Object.keys(pairs)) {
      const value = pairs[key];
      if (!rules.key.test(key)) {
        problems.push(invalidFormat(key, { path: childPath(path, key), hint: keyHint }));
      }
      if (typeof value === 'string' && !rules.value.test(value)) {
        problems.push(invalidFormat(value, { path: childPath(path, key), hint: valueHint }));
      }
    }
  };
}

function invalidFormat(value: string, about: { path: string; hint: string }): Problem {
  const { path, hint } = about;
  return {
    path,
    code: 'model/invalid-format',
    message: `${path} is not valid: ${quote(value)}.`,
    hint,
  };
}
