/** Where a test's expectation and what is there differ, in words that lead to the place. */
import { Buffer } from 'node:buffer';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { createTwoFilesPatch } from 'diff';

export interface TestFailure {
  /** What of `expect` does not hold, as `files["README.md"]`. */
  readonly what: string;
  /** One sentence, then a difference on lines of its own where there is one. */
  readonly message: string;
}

/** Objects may have more than is expected, lists may not. */
export function partFailures(
  expected: JsonValue,
  actual: JsonValue | undefined,
  { what, at }: { readonly what: string; readonly at: string },
): readonly TestFailure[] {
  const place = differenceAt(expected, actual, at);
  if (place === null) return [];
  const [wanted, found] = [json(expected), json(actual)];
  if (!wanted.includes('\n') && !found.includes('\n')) {
    return [{ what, message: `${place} is ${found}, and not ${wanted}` }];
  }
  return [{ what, message: `${place} is another:${compared(wanted, found)}` }];
}

/** The first place that differs; null when the expected part is there. */
function differenceAt(expected: JsonValue, actual: JsonValue | undefined, at: string): string | null {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return at;
    return firstOf(expected.map((one, index) => differenceAt(one, actual[index], `${at}[${index}]`)));
  }
  if (isJsonObject(expected)) {
    if (!isJsonObject(actual)) return at;
    return firstOf(
      Object.entries(expected).map(([key, one]) =>
        one === undefined
          ? null
          : differenceAt(one, Object.hasOwn(actual, key) ? actual[key] : undefined, `${at}.${key}`),
      ),
    );
  }
  return expected === actual ? null : at;
}

function firstOf(places: readonly (string | null)[]): string | null {
  return places.find((place) => place !== null) ?? null;
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}

function json(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value, null, 2);
}

const MOST_LINES = 60;
const MOST_BYTES = 4_000;

/** A unified difference, indented; `-` is what is expected. */
export function compared(expected: string, actual: string): string {
  const options = { context: 3, maxEditLength: 2_000 };
  const patch = createTwoFilesPatch('expected', 'actual', expected, actual, '', '', options);
  const lines = patch === undefined ? ['(they have nothing in common)'] : patch.split('\n').slice(3, -1);
  const cut = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines;
  return cut.map((line) => `\n    ${line}`).join('');
}

/** A text, indented; cut when it is long. */
export function shown(text: string): string {
  const short = Buffer.byteLength(text) > MOST_BYTES ? `${text.slice(0, MOST_BYTES)}…` : text;
  return short
    .split('\n')
    .map((line) => `\n    ${line}`)
    .join('');
}
