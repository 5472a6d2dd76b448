/** The options of YAML that the community actions take, as JSON Schema; they are handed to the yaml package. */
import type { JsonSchema } from '@callboard/plugin';
import type { ToStringOptions } from 'yaml';

const STRINGS = ['BLOCK_FOLDED', 'BLOCK_LITERAL', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN'] as const;

export const YAML_OPTIONS = {
  type: 'object',
  title: 'YAML options',
  description: 'How the YAML is written: https://eemeli.org/yaml/#tostring-options',
  properties: {
    blockQuote: { enum: [true, false, 'folded', 'literal'] },
    collectionStyle: { enum: ['any', 'block', 'flow'] },
    defaultKeyType: { enum: [...STRINGS, null] },
    defaultStringType: { enum: STRINGS },
    directives: { enum: [true, false, null] },
    doubleQuotedAsJSON: { type: 'boolean' },
    doubleQuotedMinMultiLineLength: { type: 'number' },
    falseStr: { type: 'string' },
    flowCollectionPadding: { type: 'boolean' },
    indent: { type: 'number', minimum: 1, maximum: 20 },
    indentSeq: { type: 'boolean' },
    lineWidth: { type: 'number' },
    minContentWidth: { type: 'number' },
    nullStr: { type: 'string' },
    simpleKeys: { type: 'boolean' },
    singleQuote: { enum: [true, false, null] },
    trueStr: { type: 'string' },
  },
} as const satisfies JsonSchema;

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What is not given keeps its default. */
export function toYamlOptions(given: Given<ToStringOptions> | undefined): ToStringOptions {
  const entries = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
