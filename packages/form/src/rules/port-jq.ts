/** `{jqQuery: …}` of Port as expressions; jq that is not understood is reported with its place. */
import { childPath, isObject, type JsonValue } from '@callboard/model';
import type { Expression } from '../graph.ts';
import { translateJq } from './jq/translate-jq.ts';
import { shown, type Reading } from './rule-reading.ts';

/** The text of `{jqQuery}`; null when it is something else. */
export function jqIn(value: JsonValue | undefined): string | null {
  const text = isObject(value) ? value['jqQuery'] : undefined;
  return typeof text === 'string' ? text : null;
}

/** Null when it is not understood; that is reported. */
export function jqExpression(
  text: string,
  { at, as }: { readonly at: string; readonly as: 'value' | 'flag' },
  reading: Reading,
): Expression | null {
  const translated = jqText(text, { at, as }, reading);
  return translated === null ? null : reading.expression(translated, at);
}

/** The same as text of JSONata. */
export function jqText(
  text: string,
  { at, as }: { readonly at: string; readonly as: 'value' | 'flag' },
  reading: Reading,
): string | null {
  const translated = translateJq(text, as);
  if ('text' in translated) return translated.text;
  const { problem, index } = translated;
  const summary = `This jq cannot be used: ${problem} (character ${index + 1})`;
  const detail = `Write it as JSONata instead, with 'ui:' before the keyword. The jq is ${shown(text)}`;
  reading.report({ code: 'form/jq-unsupported', at: childPath(at, 'jqQuery'), summary, detail });
  return null;
}
