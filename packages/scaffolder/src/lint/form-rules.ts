/** Mistakes in the form of a template: schemas that mean something else than they say, fields nobody has, bare secrets. */
import { didYouMean, isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { BUILT_IN_FIELDS, itemsOf, keysOf, objectsIn, pagesOf } from './declared.ts';
import type { Looking } from './looking.ts';
import type { Path } from './source-document.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const OFTEN_MEANT: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int: 'integer',
  float: 'number',
  str: 'string',
  text: 'string',
  list: 'array',
  map: 'object',
  enum: "string, with the values in 'enum'",
  date: "string, with 'format: date'",
  password: "string, with 'ui:field: Secret'",
};
/** The form library's own, which may be named too. */
const LIBRARY_FIELDS = [
  'AllOfField',
  'AnyOfField',
  'ArrayField',
  'BooleanField',
  'DescriptionField',
  'LayoutGridField',
  'NullField',
  'NumberField',
  'ObjectField',
  'OneOfField',
  'SchemaField',
  'StringField',
  'TitleField',
];
const WIDGETS = new Set(
  'alt-date alt-datetime checkbox checkboxes color date date-time datetime email file files hidden password radio range select text textarea time updown uri url string'.split(
    ' ',
  ),
);

/** Of the Orchestrator's spelling of forms. */
const ACTIVE_WIDGETS = [
  'ActiveTextInput',
  'ActiveDropdown',
  'ActiveMultiSelect',
  'ActiveBoolean',
  'ActiveText',
];

export function checkForm(looking: Looking): void {
  for (const { page, path } of pagesOf(looking.spec)) {
    checkSchema(looking, { schema: page, path, known: namesIn(page), depth: 0 });
  }
}

interface At {
  readonly schema: JsonObject;
  readonly path: Path;
  /** Properties that the object has under some condition. */
  readonly known: ReadonlySet<string>;
  readonly depth: number;
}

/** Deeper than any form: what nests further is somebody's attempt on our stack. */
const DEEPEST = 40;

function checkSchema(looking: Looking, at: At): void {
  const { schema, path, known, depth } = at;
  if (depth > DEEPEST) return;
  checkType(looking, at);
  checkPattern(looking, at);
  checkChoices(looking, at);
  checkField(looking, at);
  checkRequired(looking, at);
  checkDependencies(looking, at);
  const inner = { known, depth: depth + 1 };
  for (const [name, property] of objectsIn(schema['properties'])) {
    const within = { schema: property, path: [...path, 'properties', name], known: namesIn(property) };
    checkSchema(looking, { ...within, depth: depth + 1 });
  }
  for (const keyword of ['dependencies', 'dependentSchemas']) {
    for (const [name, branch] of objectsIn(schema[keyword])) {
      checkSchema(looking, { schema: branch, path: [...path, keyword, name], ...inner });
    }
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const [index, branch] of itemsOf(schema[keyword]).entries()) {
      if (isObject(branch))
        checkSchema(looking, { schema: branch, path: [...path, keyword, index], ...inner });
    }
  }
  for (const keyword of ['if', 'then', 'else', 'not']) {
    const branch = schema[keyword];
    if (isObject(branch)) checkSchema(looking, { schema: branch, path: [...path, keyword], ...inner });
  }
  const items = schema['items'];
  if (isObject(items)) {
    const within = { schema: items, path: [...path, 'items'], known: namesIn(items) };
    checkSchema(looking, { ...within, depth: depth + 1 });
  }
}

/** Of an object and everything that adds to it. */
function namesIn(schema: JsonObject, names: Set<string> = new Set(), depth = 0): ReadonlySet<string> {
  if (depth > DEEPEST) return names;
  for (const name of keysOf(schema['properties'])) names.add(name);
  const branches = [...objectsIn(schema['dependencies']), ...objectsIn(schema['dependentSchemas'])].map(
    ([, branch]) => branch,
  );
  for (const keyword of ['if', 'then', 'else']) {
    const branch = schema[keyword];
    if (isObject(branch)) branches.push(branch);
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const branch of itemsOf(schema[keyword])) if (isObject(branch)) branches.push(branch);
  }
  for (const branch of branches) namesIn(branch, names, depth + 1);
  return names;
}

function checkType(looking: Looking, { schema, path }: At): void {
  const { type } = schema;
  const types = Array.isArray(type) ? type : [type];
  for (const one of types) {
    if (one === undefined || (typeof one === 'string' && TYPES.includes(one))) continue;
    const name = typeof one === 'string' ? one : JSON.stringify(one);
    const meant = OFTEN_MEANT[name.toLowerCase()];
    const advice = meant === undefined ? didYouMean(name, TYPES) : `Write ${meant}.`;
    looking.report({
      severity: 'error',
      code: 'template/bad-type',
      summary: `There is no type '${name}'`,
      detail: advice ?? `Types are ${TYPES.join(', ')}.`,
      path: [...path, 'type'],
    });
  }
}

function checkPattern(looking: Looking, { schema, path }: At): void {
  const { pattern } = schema;
  if (typeof pattern !== 'string') return;
  const strict = regexProblem(pattern, 'u');
  if (strict === null) return;
  const loose = regexProblem(pattern, '');
  looking.report({
    severity: loose === null ? 'warning' : 'error',
    code: 'template/bad-pattern',
    summary:
      loose === null
        ? `The pattern ${pattern} is no regular expression with the 'u' flag, with which forms are checked`
        : `The pattern ${pattern} is no regular expression: ${loose}`,
    detail: loose === null ? `${strict}. Escape only what needs it, and put '-' last in a class.` : undefined,
    path: [...path, 'pattern'],
  });
}

/** Compiling is cheap however bad the expression is; it is never run here. */
function regexProblem(pattern: string, flags: string): string | null {
  try {
    void new RegExp(pattern, flags);
    return null;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.slice(text.lastIndexOf(': ') + 2);
  }
}

function checkChoices(looking: Looking, { schema, path }: At): void {
  const { enum: values, enumNames: names } = schema;
  if (!Array.isArray(values)) return;
  const fallback = schema['default'];
  if (isPlain(fallback) && values.every(isPlain) && !values.includes(fallback)) {
    looking.report({
      severity: 'warning',
      code: 'template/bad-default',
      summary: `The default ${JSON.stringify(fallback)} is none of the values to choose from`,
      path: [...path, 'default'],
    });
  }
  if (Array.isArray(names) && names.length !== values.length) {
    looking.report({
      severity: 'warning',
      code: 'template/enum-names',
      summary: `There are ${values.length} values to choose from, but ${names.length} names for them`,
      path: [...path, 'enumNames'],
    });
  }
}

function isPlain(value: JsonValue | undefined): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function checkField(looking: Looking, { schema, path }: At): void {
  const options = isObject(schema['ui:options']) ? schema['ui:options'] : {};
  const field = schema['ui:field'] ?? options['field'];
  const widget = schema['ui:widget'] ?? options['widget'];
  if (typeof field === 'string') {
    const known = [...BUILT_IN_FIELDS, ...(looking.fields ?? [])];
    if (!known.includes(field) && !LIBRARY_FIELDS.includes(field)) {
      const advice = didYouMean(field, known);
      const plugin = `A plugin has to bring it; until then the form says so in its place.`;
      looking.report({
        severity: 'warning',
        code: 'template/unknown-field',
        summary: `No field is called '${field}'`,
        detail: advice ?? plugin,
        path: [...path, 'ui:field'],
      });
    }
  }
  if (widget === 'password' && field !== 'Secret') {
    looking.report({
      severity: 'warning',
      code: 'template/password-stored',
      summary: 'Elsewhere, the value of a password field is stored with the task for everybody to read',
      detail:
        'This portal keeps it with the secrets. Where the template runs in Backstage, too, write ui:field: Secret, and secrets.<name> in the steps.',
      path: [...path, 'ui:widget'],
    });
  }
  const isOther =
    typeof widget === 'string' && (ACTIVE_WIDGETS.includes(widget) || widget === 'SchemaUpdater');
  if (typeof widget === 'string' && !isOther && !WIDGETS.has(widget) && !/^[A-Z]\w*Widget$/.test(widget)) {
    looking.report({
      severity: 'warning',
      code: 'template/unknown-widget',
      summary: `No widget is called '${widget}'`,
      detail: didYouMean(widget, WIDGETS) ?? `Widgets are ${[...WIDGETS].join(', ')}.`,
      path: [...path, 'ui:widget'],
    });
  }
}

function checkRequired(looking: Looking, { schema, path, known }: At): void {
  const { required } = schema;
  // Inside a condition, `required` asks whether something is there.
  const isCondition = path.includes('if') || path.includes('not');
  // Port's spelling, which the graph reads.
  const isRule = isObject(required) && required['jqQuery'] !== undefined;
  if (required === undefined || isCondition || isRule) return;
  if (!Array.isArray(required)) {
    looking.report({
      severity: 'warning',
      code: 'template/bad-required',
      summary: `'required' is ${JSON.stringify(required)}, and not a list of names`,
      detail: "Name the property in the 'required' of the object around it.",
      path: [...path, 'required'],
    });
    return;
  }
  const isOpen = typeof schema['$ref'] === 'string' || isObject(schema['patternProperties']);
  if (isOpen || known.size === 0) return;
  for (const [index, name] of required.entries()) {
    if (typeof name !== 'string' || known.has(name)) continue;
    looking.report({
      severity: 'warning',
      code: 'template/unknown-required',
      summary: `'${name}' is required, but no such property exists, so the form can never be sent`,
      detail: didYouMean(name, known),
      path: [...path, 'required', index],
    });
  }
}

function checkDependencies(looking: Looking, { schema, path, known }: At): void {
  for (const name of keysOf(schema['dependencies'])) {
    if (known.has(name)) continue;
    looking.report({
      severity: 'warning',
      code: 'template/unknown-dependency',
      summary: `What depends on '${name}' is never shown: no such property exists`,
      detail: didYouMean(name, known),
      path: [...path, 'dependencies', name],
      isKey: true,
    });
  }
}
