/** What can be said of the definition of an API without reading all of it, which may be tens of megabytes. */
import { firstPart } from '../yaml/cut.ts';

export type Definition =
  | {
      readonly kind: 'text';
      /** The whole; not copied. */
      readonly text: string;
      /** As much of it as a card shows, in whole lines when it has lines. */
      readonly start: string;
      readonly isCut: boolean;
      /** False when the text cannot be what the type says; true when it may. */
      readonly isPlausible: boolean;
    }
  | { readonly kind: 'none' }
  /** Something that is not a text, such as the parsed document. */
  | { readonly kind: 'other'; readonly value: unknown };

const SHOWN_LENGTH = 12_000;
const SHOWN_LINES = 300;
/** How far a document is searched for the key that names its format. */
const LOOKED_AT = 65_536;

/** Where each format names itself. Formats that do not are not here. */
const MARKS: ReadonlyMap<string, RegExp> = new Map([
  ['openapi', /^[ \t]*["']?(?:openapi|swagger)["']?\s*:|["'](?:openapi|swagger)["']\s*:/m],
  ['asyncapi', /^[ \t]*["']?asyncapi["']?\s*:|["']asyncapi["']\s*:/m],
  ['graphql', /\b(?:type|schema|interface|enum|input|scalar|union|directive|extend)\b/],
  ['grpc', /\b(?:syntax|edition|message|service|package)\b/],
]);

export function readDefinition(type: string | null, value: unknown): Definition {
  if (value === undefined || value === null || value === '') return { kind: 'none' };
  if (typeof value !== 'string') return { kind: 'other', value };
  const mark = MARKS.get(type?.toLowerCase() ?? '');
  const start = firstLines(firstPart(value, SHOWN_LENGTH), SHOWN_LINES);
  return {
    kind: 'text',
    text: value,
    start,
    isCut: start.length < value.trimEnd().length,
    isPlausible: mark === undefined || mark.test(firstPart(value, LOOKED_AT)),
  };
}

function firstLines(text: string, lines: number): string {
  return text.split('\n', lines).join('\n').trimEnd();
}
