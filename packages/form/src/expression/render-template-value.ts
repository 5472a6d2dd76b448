/** Puts the values of expressions into the texts of a source. */
import type { JsonValue } from '@callboard/model';
import type { Expression, TemplateValue } from '../graph.ts';
import { loadExpressions, type Evaluated, type ExpressionLanguage } from './language.ts';

export interface RenderOptions {
  /** `url`: values that are put into a text are percent-encoded, a whole value that is one expression too. Default: as they are. */
  readonly escape?: 'url';
}

/**
 * Never rejects. A text that is nothing but one expression keeps the type of its value; within a text nothing is put in
 * for nothing, and lists and objects as JSON. Entries and items without a value are left out.
 */
export async function renderTemplateValue(
  value: TemplateValue,
  input: unknown,
  options: RenderOptions = {},
): Promise<Evaluated> {
  if (value.kind === 'literal') return { value: value.value };
  return render(value, { input, isUrl: options.escape === 'url', language: await loadExpressions() });
}

interface Rendering {
  readonly input: unknown;
  readonly isUrl: boolean;
  readonly language: ExpressionLanguage;
}

async function render(value: TemplateValue, rendering: Rendering): Promise<Evaluated> {
  switch (value.kind) {
    case 'literal':
      return { value: value.value };
    case 'expression': {
      const made = await rendering.language.evaluate(value.expression, rendering.input);
      if ('failure' in made || !rendering.isUrl || made.value === undefined) return made;
      const text = textOf(made.value, rendering);
      return leavesPath(text)
        ? { failure: 'a value would lead the address to another path' }
        : { value: text };
    }
    case 'text':
      return renderText(value.parts, rendering);
    case 'list': {
      const items: JsonValue[] = [];
      for (const item of value.items) {
        const made = await render(item, rendering);
        if ('failure' in made) return made;
        if (made.value !== undefined) items.push(made.value);
      }
      return { value: items };
    }
    case 'object': {
      const entries: [string, JsonValue][] = [];
      for (const [key, entry] of Object.entries(value.entries)) {
        const made = await render(entry, rendering);
        if ('failure' in made) return made;
        if (made.value !== undefined) entries.push([key, made.value]);
      }
      return { value: Object.fromEntries(entries) };
    }
    default:
      return value satisfies never;
  }
}

async function renderText(parts: readonly (string | Expression)[], rendering: Rendering): Promise<Evaluated> {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const made = await rendering.language.evaluate(part, rendering.input);
    if ('failure' in made) return made;
    text += made.value === undefined ? '' : textOf(made.value, rendering);
  }
  if (rendering.isUrl && leavesPath(text))
    return { failure: 'a value would lead the address to another path' };
  return { value: text };
}

/** Whether steps of a path are `.` or `..`, which whoever reads the address takes away, with what is before them. */
function leavesPath(url: string): boolean {
  return (url.split(/[?#]/, 1)[0] ?? '').split('/').some((step) => step === '.' || step === '..');
}

function textOf(value: JsonValue, { isUrl }: Rendering): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A lone half of a character has no encoding.
  return isUrl ? encodeURIComponent(text.toWellFormed()) : text;
}
