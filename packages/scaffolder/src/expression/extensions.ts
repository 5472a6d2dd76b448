/** What templates can use in expressions beside the engine's own filters, as `GET /v2/templating-extensions` lists it. */
import type { JsonValue } from '@callboard/model';
import type { TemplateFilterExtension, TemplateGlobalExtension } from '@callboard/plugin';

type GlobalFunction = Exclude<TemplateGlobalExtension, { readonly value: JsonValue }>;

export interface TemplatingExtensions {
  readonly filters: Readonly<
    Record<string, Pick<TemplateFilterExtension, 'description' | 'schema' | 'examples'>>
  >;
  readonly globals: {
    readonly functions: Readonly<Record<string, Pick<GlobalFunction, 'description' | 'schema' | 'examples'>>>;
    readonly values: Readonly<Record<string, { readonly description?: string; readonly value: JsonValue }>>;
  };
}

/** The functions of the engine's own that steps have in their `if`; listed with those of plugins. */
const STATUS_FUNCTIONS = {
  always: {
    description: 'True. A step with it in its `if` runs also after another step failed.',
    schema: { arguments: [], output: { type: 'boolean' } },
    examples: [
      {
        description: 'Clean up, whatever happened',
        example: "- action: fs:delete\n  if: ${{ always() }}\n  input:\n    files: ['scratch/**']\n",
      },
    ],
  },
  failure: {
    description: 'True after a step failed. A step with it in its `if` runs then, and only then.',
    schema: { arguments: [], output: { type: 'boolean' } },
    examples: [
      {
        description: 'Tell somebody',
        example: '- action: debug:log\n  if: ${{ failure() }}\n  input:\n    message: It failed\n',
      },
    ],
  },
} as const satisfies Readonly<Record<string, Omit<GlobalFunction, 'call'>>>;

/** The list of filters and globals, without what they do. */
export function listExtensions(
  filters: Readonly<Record<string, TemplateFilterExtension>>,
  globals: Readonly<Record<string, TemplateGlobalExtension>>,
): TemplatingExtensions {
  const values: Record<string, { description?: string; value: JsonValue }> = {};
  const functions: Record<string, ReturnType<typeof described>> = {};
  for (const [name, extension] of Object.entries(globals)) {
    if ('value' in extension) values[name] = { ...extension };
    else functions[name] = described(extension);
  }
  const listed = Object.entries(filters).map(([name, filter]) => [name, described(filter)] as const);
  return {
    filters: Object.fromEntries(listed),
    globals: { functions: { ...functions, ...STATUS_FUNCTIONS }, values },
  };
}

/** What is said of a filter or a function. */
function described<S, E>(extension: {
  readonly description?: string;
  readonly schema?: S;
  readonly examples?: E;
}): { readonly description?: string; readonly schema?: S; readonly examples?: E } {
  const { description, schema, examples } = extension;
  return {
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { schema }),
    ...(examples === undefined ? {} : { examples }),
  };
}
