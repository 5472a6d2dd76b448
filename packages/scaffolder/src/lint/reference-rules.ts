/** Mistakes in expressions: syntax, filters, and names of things that are not there, not there yet, or secret. */
import { didYouMean, isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { declaredBy, hasPlaceholder, type Declared } from './declared.ts';
import { scanExpression, type ExpressionScan, type Reference } from './expression-scan.ts';
import { stepsOf, textsIn, type Finding, type Looking, type Text, type WrittenStep } from './looking.ts';
import type { Path } from './source-document.ts';

/** Of the engine; those of plugins come with `looking.globals`. */
const FUNCTIONS = ['range', 'cycler', 'joiner', 'always', 'failure'];
const ROOTS = ['parameters', 'steps', 'user', 'environment', 'context', 'secrets', 'each'];

interface Used {
  readonly parameters: Set<string>;
  /** An expression reads all of them at once. */
  allParameters: boolean;
}

interface Where {
  readonly looking: Looking;
  readonly declared: Declared;
  readonly steps: readonly WrittenStep[];
  readonly used: Used;
  /** The step that the expression is in; null in the output, where all steps have run. */
  readonly step: WrittenStep | null;
  readonly part: 'input' | 'if' | 'each' | 'approval' | 'output';
}

interface Expression extends Where {
  readonly text: Text;
}

export function checkReferences(looking: Looking): void {
  const { spec } = looking;
  const declared = declaredBy(spec);
  const steps = stepsOf(spec);
  const used: Used = { parameters: new Set(), allParameters: false };
  const shared = { looking, declared, steps, used };
  for (const step of steps) {
    for (const part of ['if', 'each', 'input'] as const) {
      checkTexts({ ...shared, step, part }, { value: step.step[part], path: [...step.path, part] });
    }
    const approval = { value: step.step['callboard:approval'], path: [...step.path, 'callboard:approval'] };
    checkTexts({ ...shared, step, part: 'approval' }, approval);
  }
  for (const key of ['output', 'callboard:approval'] as const) {
    const part = key === 'output' ? 'output' : 'approval';
    checkTexts({ ...shared, step: null, part }, { value: spec[key], path: ['spec', key] });
  }
  checkUnused(looking, { declared, used });
}

function checkTexts(where: Where, { value, path }: { value: JsonValue | undefined; path: Path }): void {
  for (const text of textsIn(value, path)) {
    const scan = scanExpression(text.text);
    if (scan.isDynamic) checkExpression({ ...where, text }, scan);
  }
}

function checkExpression(expression: Expression, scan: ExpressionScan): void {
  const { looking, text } = expression;
  const problem = looking.syntax.problemOf(text.text);
  if (problem !== null) {
    // What was understood up to the mistake still counts as used.
    for (const reference of scan.references) noteUse(expression, reference);
    looking.report({
      severity: 'error',
      code: 'template/bad-expression',
      summary: `The expression cannot be read: ${problem.message}`,
      detail: operatorAdvice(text.text, problem.index),
      path: text.path,
      index: problem.index,
    });
    return;
  }
  checkFilters(expression, scan);
  for (const reference of scan.references) checkReference(expression, reference);
}

/** Operators of other languages, where the engine stumbled. */
function operatorAdvice(text: string, index: number): string | undefined {
  const near = text.slice(Math.max(0, index - 1), index + 2);
  return OPERATORS.find(([sign]) => near.includes(sign))?.[1];
}

const OPERATORS: readonly (readonly [string, string])[] = [
  ['&&', "Write 'and'."],
  ['||', "Write 'or'."],
  ['!', "Write 'not'."],
  ['?', "Write 'a if condition else b'."],
];

function checkFilters({ looking, text }: Expression, { filters, tests }: ExpressionScan): void {
  const tell = (finding: Pick<Finding, 'code' | 'summary' | 'detail' | 'index'>): void =>
    looking.report({ severity: 'error', path: text.path, ...finding });
  for (const { name, index } of filters) {
    if (looking.syntax.hasFilter(name)) continue;
    const detail = didYouMean(name, looking.syntax.filters) ?? FILTER_ADVICE[name];
    tell({ code: 'template/unknown-filter', summary: `There is no filter '${name}'`, detail, index });
  }
  for (const { name, index } of tests) {
    if (looking.syntax.hasTest(name)) continue;
    tell({
      code: 'template/unknown-filter',
      summary: `There is no test 'is ${name}'`,
      detail: undefined,
      index,
    });
  }
}

const FILTER_ADVICE: Readonly<Record<string, string>> = {
  tojson: "Write 'dump'.",
  jsonify: "Write 'dump'.",
  count: "Write 'length'.",
};

function noteUse({ used }: Expression, { root, keys: [name] }: Reference): void {
  if (root !== 'parameters') return;
  if (typeof name === 'string') used.parameters.add(name);
  else used.allParameters = true;
}

function checkReference(expression: Expression, reference: Reference): void {
  noteUse(expression, reference);
  const { root } = reference;
  if (root === 'parameters') checkParameter(expression, reference);
  else if (root === 'steps') checkStep(expression, reference);
  else if (root === 'secrets') checkSecret(expression, reference);
  else if (root === 'each') checkEach(expression, reference);
  else checkRoot(expression, reference);
}

function report({ looking, text }: Expression, finding: Omit<Finding, 'path'>): void {
  looking.report({ path: text.path, ...finding });
}

function checkRoot(expression: Expression, { root, isCalled, isGuarded, isJoined, index }: Reference): void {
  const { looking } = expression;
  if (ROOTS.includes(root) || FUNCTIONS.includes(root) || looking.globals.includes(root)) return;
  if (isJoined || (isGuarded && !isCalled)) return;
  const known = isCalled ? [...FUNCTIONS, ...looking.globals] : [...ROOTS, ...looking.globals];
  const advice =
    root === 'values'
      ? "In a template it is called 'parameters'; 'values' is what fetch:template hands to files."
      : undefined;
  report(expression, {
    severity: isCalled ? 'error' : 'warning',
    code: isCalled ? 'template/unknown-function' : 'template/undefined-variable',
    summary: isCalled ? `There is no function '${root}'` : `Nothing is called '${root}' here`,
    detail: advice ?? didYouMean(root, known),
    index,
  });
}

function checkParameter(expression: Expression, { keys: [name], index, isGuarded, joined }: Reference): void {
  const { declared } = expression;
  if (typeof name !== 'string') return;
  if (declared.secretFields.has(name)) {
    report(expression, {
      severity: 'error',
      code: 'template/secret-as-parameter',
      summary: `'${name}' is a secret, so parameters.${name} is only asterisks`,
      detail: `Write secrets.${name}.`,
      index,
    });
    return;
  }
  if (declared.parameters.has(name) || declared.isOpen) return;
  if (hasHyphen(expression, { joined, names: declared.parameters.keys(), root: 'parameters', index })) return;
  report(expression, {
    severity: isGuarded ? 'warning' : 'error',
    code: 'template/undefined-parameter',
    summary: `The form has no parameter '${name}'`,
    detail: didYouMean(name, declared.parameters.keys()),
    index,
  });
}

/** `parameters.my-name` is read as a difference. */
function hasHyphen(
  expression: Expression,
  {
    joined,
    names,
    root,
    index,
  }: { joined: string | null; names: Iterable<string>; root: string; index: number },
): boolean {
  const meant = joined === null ? undefined : [...names].find((name) => name === joined);
  if (meant === undefined) return false;
  report(expression, {
    severity: 'error',
    code: 'template/hyphen-in-name',
    summary: `${root}.${meant} is read as a difference: a hyphen is a minus here`,
    detail: `Write ${root}['${meant}'].`,
    index,
  });
  return true;
}

function checkStep(expression: Expression, { keys, index, joined }: Reference): void {
  const [id, output, name] = keys;
  const { steps, step } = expression;
  if (typeof id !== 'string') return;
  const ids = steps.map((one) => one.id);
  if (keys.length === 1 && hasHyphen(expression, { joined, names: ids, root: 'steps', index })) return;
  const found = steps.find((one) => one.id === id);
  if (found === undefined) {
    if (hasPlaceholder(expression.looking.spec['steps'])) return;
    report(expression, {
      severity: 'error',
      code: 'template/undefined-step',
      summary: `There is no step '${id}'`,
      detail: didYouMean(id, ids),
      index,
    });
    return;
  }
  if (step !== null && found.index >= step.index) {
    report(expression, {
      severity: 'error',
      code: 'template/later-step',
      summary:
        found.index === step.index
          ? `The step '${id}' reads its own output`
          : `The step '${id}' runs after '${step.id}', so it has no output yet`,
      index,
    });
    return;
  }
  checkOutput(expression, { found, id, output, name, index });
}

interface OutputReference {
  readonly found: WrittenStep;
  readonly id: string;
  readonly output: string | null | undefined;
  readonly name: string | null | undefined;
  readonly index: number;
}

function checkOutput(expression: Expression, { found, id, output, name, index }: OutputReference): void {
  if (typeof output === 'string' && output !== 'output') {
    report(expression, {
      severity: 'error',
      code: 'template/unknown-output',
      summary: `A step has only an output, so steps.${id}.${output} is nothing`,
      detail: didYouMean(output, ['output']) ?? `Write steps.${id}.output.${output}.`,
      index,
    });
    return;
  }
  if (typeof name !== 'string' || found.action === null) return;
  const schema = expression.looking.actions.find(found.action)?.schema?.output;
  const names = outputNames(schema);
  if (names === null || names.includes(name)) return;
  report(expression, {
    severity: 'warning',
    code: 'template/unknown-output',
    summary: `${found.action} has no output '${name}'`,
    detail: didYouMean(name, names) ?? (names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.'),
    index,
  });
}

/** Null when the schema leaves room for more. */
function outputNames(schema: JsonObject | undefined): readonly string[] | null {
  if (schema === undefined || !isObject(schema['properties'])) return null;
  const { additionalProperties, patternProperties, anyOf, oneOf, allOf } = schema;
  const isOpen =
    additionalProperties === true || isObject(additionalProperties) || patternProperties !== undefined;
  if (isOpen || anyOf !== undefined || oneOf !== undefined || allOf !== undefined) return null;
  return Object.keys(schema['properties']);
}

function checkSecret(expression: Expression, { keys: [name], index }: Reference): void {
  const { part, step, declared } = expression;
  const written = typeof name === 'string' ? `secrets.${name}` : 'secrets';
  const isEach = step?.step['each'] !== undefined;
  if (part === 'output' || part === 'approval' || (part === 'if' && !isEach)) {
    const place = part === 'if' ? 'a condition' : `the ${part}`;
    report(expression, {
      severity: 'error',
      code: 'template/secret-unavailable',
      summary: `Secrets are not given to ${place}, so ${written} is nothing there`,
      detail: part === 'if' ? 'Decide by a parameter.' : undefined,
      index,
    });
    return;
  }
  if (part === 'input' && step?.action === 'debug:log') {
    report(expression, {
      severity: 'error',
      code: 'template/secret-shown',
      summary: `${written} would be written to the log`,
      detail: 'Leave it out. Callboard masks it, but others may not.',
      index,
    });
    return;
  }
  if (typeof name !== 'string' || declared.secretsAreOpen || declared.secrets.has(name)) return;
  report(expression, {
    severity: 'warning',
    code: 'template/undefined-secret',
    summary: `The form does not ask for the secret '${name}'`,
    detail:
      didYouMean(name, declared.secrets) ??
      "A field with 'ui:field: Secret', 'requestUserCredentials.secretsKey' or spec.secrets.schema names secrets.",
    index,
  });
}

function checkEach(expression: Expression, { keys: [key], index }: Reference): void {
  const { step, part } = expression;
  if (step === null || step.step['each'] === undefined || part === 'each' || part === 'approval') {
    report(expression, {
      severity: 'error',
      code: 'template/undefined-variable',
      summary:
        part === 'each'
          ? "'each' is not there yet where it is set"
          : "'each' is only there in a step that has 'each'",
      index,
    });
  } else if (typeof key === 'string' && key !== 'key' && key !== 'value') {
    report(expression, {
      severity: 'error',
      code: 'template/undefined-variable',
      summary: `'each' has a key and a value, and no '${key}'`,
      detail: `Write each.value.${key}.`,
      index,
    });
  }
}

function checkUnused(looking: Looking, { declared, used }: { declared: Declared; used: Used }): void {
  if (used.allParameters) return;
  for (const [name, { path, schema }] of declared.parameters) {
    const field = schema['ui:field'];
    const isForPeople = schema['type'] === 'null' || (typeof field === 'string' && !isKnownField(field));
    const isUsed =
      used.parameters.has(name) || declared.usedByForm.has(name) || declared.secretFields.has(name);
    if (isUsed || isForPeople) continue;
    looking.report({
      severity: 'warning',
      code: 'template/unused-parameter',
      summary: `'${name}' is asked for, but nothing uses it`,
      path,
      isKey: true,
    });
  }
}

/** A field of somebody's own may only show something. */
function isKnownField(field: string): boolean {
  return /Picker$|^Secret$/.test(field);
}
