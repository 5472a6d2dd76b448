/** `ui:options.autofillFrom`: suggests what fits the value of another field. */
import { childPath, isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { formPath, namesOf } from './form-path.ts';
import { shown, type Findings, type Reading } from './rule-reading.ts';

/** An explicit suggestion wins, so that a field may use the option in a way of its own. */
export function readAutofill(schema: JsonObject, findings: Findings, reading: Reading): void {
  const options = schema['ui:options'];
  const from = isObject(options) ? options['autofillFrom'] : undefined;
  if (from === undefined || from === null || findings.suggest.length > 0) return;
  const at = childPath(childPath(reading.place.at, 'ui:options'), 'autofillFrom');
  const path = typeof from === 'string' ? formPath(namesOf(from)) : null;
  if (path === null) {
    const summary = `'autofillFrom' is ${shown(from)}, and no name of a field`;
    const detail = 'Write it as service, or aws.region for a field inside of an object.';
    reading.report({ code: 'form/bad-rule', at, summary, detail });
    return;
  }
  const list = listText(schema, findings);
  // A field with code of its own reads the option itself, and in a way of its own.
  if (list === null && typeof schema['ui:field'] === 'string') return;
  const expression = reading.expression(list === null ? path : matching(path, list), at);
  if (expression !== null) findings.suggest.push({ it: { kind: 'expression', expression }, at });
}

/** The option whose value or label is the other field's value; upper and lower case are the same. */
function matching(path: string, list: string): string {
  const same = (part: string): string => `$lowercase($string(${part})) = $wanted`;
  return `(
  $wanted := $lowercase($string(${path}));
  $all := ${list};
  $exists(${path}) ? $filter($all, function($one) { ${same('$one.value')} or ${same('$one.label')} })[0].value
)`;
}

/** The field's options as an expression; null when it has none. */
function listText(schema: JsonObject, { source, options }: Findings): string | null {
  const [said] = options;
  if (said !== undefined) {
    const { it } = said;
    if (it.kind === 'literal') return optionsText(Array.isArray(it.value) ? it.value : [], []);
    return `$map((${it.expression.text}), function($one) { $type($one) = "object" ? $one : {"value": $one, "label": $string($one)} })`;
  }
  if (source.some(({ it }) => it.gives === 'options')) return 'options';
  const values = schema['enum'];
  if (!Array.isArray(values)) return null;
  const names = schema['enumNames'];
  return optionsText(values, Array.isArray(names) ? names : []);
}

function optionsText(values: readonly JsonValue[], names: readonly JsonValue[]): string {
  const options = values.map((value, index) => {
    return isObject(value) ? value : { value, label: labelOf(names[index] ?? value) };
  });
  return JSON.stringify(options);
}

function labelOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
