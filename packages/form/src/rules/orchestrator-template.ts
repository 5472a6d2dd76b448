/**
 * Texts of the RHDH Orchestrator's widgets, as `$${{current.region}}`, in our words. Its templates name keys and are no
 * expressions; tokens of the person who fills the form in are never handed on.
 */
import { isObject, itemPath, childPath, type JsonObject, type JsonValue } from '@callboard/model';
import { formPath } from './form-path.ts';
import { shown, type Reading } from './rule-reading.ts';

const UNIT = /\$?\$\{\{\s*((?:(?!\}\}).)*?)\s*\}\}/gs;
/** Keys of who is signed in, by the last word. */
const USER: Readonly<Record<string, string>> = {
  userEntityRef: 'user.ref',
  profileEmail: 'user.email',
  displayName: 'user.displayName',
  profileName: 'user.displayName',
};

/** JSON with all its texts in our words; null when one cannot be used, which is reported. */
export function translateTexts(value: JsonValue, at: string, reading: Reading): JsonValue | null {
  if (typeof value === 'string') return translateText(value, at, reading);
  if (Array.isArray(value)) {
    const list: readonly JsonValue[] = value;
    const items = list.map((item, index) =>
      item === null ? null : translateTexts(item, itemPath(at, index), reading),
    );
    return items.some((item, index) => item === null && list[index] !== null) ? null : items;
  }
  if (!isObject(value)) return value;
  const mapping: JsonObject = value;
  const entries = Object.entries(mapping).map(([key, item]): [string, JsonValue | null] => [
    key,
    item === null || item === undefined ? null : translateTexts(item, childPath(at, key), reading),
  ]);
  return entries.some(([key, item]) => item === null && mapping[key] !== null)
    ? null
    : Object.fromEntries(entries);
}

/** Null when it cannot be used, which is reported. */
export function translateText(text: string, at: string, reading: Reading): string | null {
  if (text.startsWith('jsonata:')) return `\${{ ${overForm(text.slice('jsonata:'.length))} }}`;
  let isGood = true;
  const translated = text.replaceAll(UNIT, (_, key: string) => {
    const expression = unitExpression(key, at, reading);
    if (expression === null) isGood = false;
    return `\${{ ${expression ?? 'null'} }}`;
  });
  return isGood ? translated : null;
}

/** What stands between the brackets as JSONata; null when it cannot be used, which is reported. */
export function unitExpression(key: string, at: string, reading: Reading): string | null {
  const [family = '', ...names] = key.split('.');
  if (family === 'current') {
    const path = formPath(names);
    if (path !== null) return path;
  }
  const last = names.at(-1) ?? '';
  if (/^(identityApi|\w+AuthApi)$/.test(family)) {
    if (/token$/i.test(last)) {
      const summary = `${shown(key)} is a token of whoever fills the form in, which is never handed on`;
      const detail =
        'Name an endpoint of scaffolder.forms.endpoints, which has credentials of its own in its headers.';
      reading.report({ code: 'form/token-refused', at, summary, detail });
      return null;
    }
    const expression = USER[last];
    if (expression !== undefined) return expression;
  }
  if (/^secrets?$/.test(family)) {
    const summary = `${shown(key)} is a secret, and a form hands none on`;
    const detail = 'Put it into the headers of an endpoint in scaffolder.forms.endpoints.';
    reading.report({ code: 'form/token-refused', at, summary, detail });
    return null;
  }
  // Our own words may stand here too.
  if (/^(\$*\.?)?(form|user|item)\b/.test(key)) return key;
  const summary = `Nothing is known of ${shown(key)}`;
  const detail =
    'A text can name current.<field>, identityApi.userEntityRef, .profileEmail and .displayName.';
  reading.report({ code: 'form/unsupported', at, summary, detail });
  return null;
}

/** An expression that takes the values of the form as its input. */
function overForm(expression: string): string {
  const path = /^\s*(?:\$\.)?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*$/.exec(expression)?.[1];
  return (path === undefined ? null : formPath(path.split('.'))) ?? `$$.form.(${expression})`;
}
