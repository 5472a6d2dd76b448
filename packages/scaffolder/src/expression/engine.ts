/** The one place that calls the template engine: its limits, and its errors as ours, with a place in the text. */
import { messageOf } from '@callboard/kernel';
import type { JsonValue } from '@callboard/model';
import { TemplateLimitError, TemplateRenderError, type TemplateFilter, type TemplateGlobal } from 'nunjitsu';
import type { TemplateFilterExtension, TemplateGlobalExtension } from '@callboard/plugin';
import { RenderError } from './errors.ts';
import { TimeLimitReached, withTimeLimit } from './time-limit.ts';
import { fromResult, toArgument, toTemplateValue } from './values.ts';

/** Marks of an expression, a statement or a comment. A text without any is itself. */
const MARKS = /\$?\{\{|\{%|\{#/;
/** Where one can begin: the engine takes `r/` for it wherever a word can begin. */
const REGULAR_EXPRESSION = /(?<![A-Za-z_$])r\//;
const START = { line: 1, column: 1 };

/** True of a text in which there is something to render. */
export function hasMarks(text: string): boolean {
  return MARKS.test(text);
}

/**
 * Calls the engine with a text.
 * @throws RenderError for everything that the text does
 */
export function callEngine<Value>(request: {
  readonly text: string;
  /** Milliseconds that regular expressions may take. */
  readonly timeLimit: number;
  readonly call: () => Value;
}): Value {
  const { text, timeLimit, call } = request;
  try {
    return REGULAR_EXPRESSION.test(text) ? withTimeLimit(timeLimit, call) : call();
  } catch (thrown) {
    throw toRenderError(thrown);
  }
}

function toRenderError(thrown: unknown): Error {
  if (thrown instanceof TimeLimitReached) {
    const reason = 'A regular expression takes too long. Write one without nested repetitions.';
    return new RenderError('scaffolder/render-limit', { reason, position: START });
  }
  if (thrown instanceof TemplateLimitError) {
    const { line = 1, column = 1, limit, configured } = thrown;
    const reason = `The template needs too much: ${LIMITED[limit ?? 'workUnits']} is limited to ${configured ?? 'less'}. Look for a loop that does not end.`;
    return new RenderError('scaffolder/render-limit', { reason, position: { line, column } });
  }
  if (thrown instanceof TemplateRenderError) {
    const { line = 1, column = 1 } = thrown;
    const reason = thrown.message.replace(/^Template error at line \d+, column \d+: /, '');
    return new RenderError('scaffolder/render-failed', {
      reason: sentence(reason),
      position: { line, column },
    });
  }
  if (thrown instanceof RangeError) {
    return new RenderError('scaffolder/render-limit', { reason: sentence(thrown.message), position: START });
  }
  return new RenderError('scaffolder/render-failed', {
    reason: sentence(messageOf(thrown)),
    position: START,
  });
}

const LIMITED = {
  sourceCodeUnits: 'the length of the text',
  astNodes: 'the number of its parts',
  workUnits: 'the work that it does',
  nestingDepth: 'the depth of its calls',
  outputCodeUnits: 'the length of what it gives',
  scratchBytes: 'the size of the input of a filter',
  capabilityCalls: 'the number of calls of filters and functions',
} as const;

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Filters of the portal and of plugins as the engine takes them. */
export function engineFilters(
  filters: Readonly<Record<string, TemplateFilterExtension>>,
): Record<string, TemplateFilter> {
  const entries = Object.entries(filters).map(([name, extension]): [string, TemplateFilter] => [
    name,
    (input, ...rest) => fromResult(extension.filter(toArgument(input), ...rest.map(toArgument))),
  ]);
  return Object.fromEntries(entries);
}

/** Values and functions of plugins as the engine takes them. */
export function engineGlobals(
  globals: Readonly<Record<string, TemplateGlobalExtension>>,
): Record<string, TemplateGlobal> {
  const entries = Object.entries(globals).map(([name, extension]): [string, TemplateGlobal] => [
    name,
    'value' in extension
      ? toTemplateValue(extension.value)
      : engineFunction((...rest) => extension.call(...rest)),
  ]);
  return Object.fromEntries(entries);
}

function engineFunction(
  call: (...rest: readonly (JsonValue | undefined)[]) => JsonValue | undefined,
): TemplateGlobal {
  return (...rest) => fromResult(call(...rest.map(toArgument)));
}
