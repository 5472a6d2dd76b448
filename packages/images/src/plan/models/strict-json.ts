/** JSON without the ambiguities that let two readers see two documents: too long, not JSON, or a key said twice. */

export type JsonProblem = 'size' | 'syntax' | 'duplicate-key';

export type StrictJson =
  | { readonly problem: null; readonly value: unknown }
  | { readonly problem: JsonProblem; readonly value: unknown; readonly text: string };

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gsu;

/**
 * Parses one JSON document of at most `limit` characters. With a key said twice there is a value, JavaScript's last
 * one, for those who show what was meant; with the other problems it is undefined.
 */
export function parseStrictJson(text: string, limit: number): StrictJson {
  if (text.length > limit) {
    const problem = `The text has ${text.length} characters; ${limit} are allowed.`;
    return { problem: 'size', value: undefined, text: problem };
  }
  const parsed = tryParse(text);
  if (parsed === null)
    return { problem: 'syntax', value: undefined, text: 'The text is not one JSON document.' };
  const twice = findDuplicateKey(text);
  if (twice === null) return { problem: null, value: parsed.value };
  return {
    problem: 'duplicate-key',
    value: parsed.value,
    text: `The key ${twice} is there twice in one object.`,
  };
}

function tryParse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Of a text that is known to be JSON. Keys are compared decoded: `"n\u0061me"` is `"name"`. */
function findDuplicateKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    if (token === '[') open.push(null);
    if (token === '}' || token === ']') open.pop();
    if (token === ':') {
      const keys = open.at(-1);
      const key = String(JSON.parse(last));
      if (keys?.has(key) === true) return JSON.stringify(key.slice(0, 80));
      keys?.add(key);
    }
    last = token;
  }
  return null;
}
