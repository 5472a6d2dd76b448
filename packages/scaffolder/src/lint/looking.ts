/** What the rules of the linter share: the template as it is written, what is known around it, and how they report. */
import { isObject, type JsonObject, type JsonValue, type Severity } from '@callboard/model';
import { itemsOf } from './declared.ts';
import type { ActionRegistry } from '../actions/registry.ts';
import type { TemplateFiles } from './template-files.ts';
import type { Path, Place } from './source-document.ts';
import type { Syntax } from './syntax.ts';

export interface Finding extends Place {
  readonly severity: Severity;
  readonly code: string;
  readonly summary: string;
  readonly detail?: string | undefined;
  /** Relative to the folder of the template, when it is about another file; `line` is then in that one. */
  readonly otherFile?: string;
  readonly line?: number | undefined;
}

export interface Looking {
  readonly spec: JsonObject;
  readonly actions: ActionRegistry;
  readonly syntax: Syntax;
  /** Fields of the form beside the built-in ones; null when nobody said which there are. */
  readonly fields: readonly string[] | null;
  /** Functions and values that plugins add to expressions. */
  readonly globals: readonly string[];
  /** Null when the files beside the template are not known. */
  readonly files: TemplateFiles | null;
  report(finding: Finding): void;
}

export interface Text {
  readonly text: string;
  readonly path: Path;
}

/** Every text in a value, with its path. Keys are no texts. */
export function* textsIn(value: JsonValue | undefined, path: Path): Generator<Text> {
  if (typeof value === 'string') yield { text: value, path };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, [...path, index]);
  }
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, [...path, key]);
  }
}

export interface WrittenStep {
  readonly step: JsonObject;
  readonly index: number;
  readonly path: Path;
  /** As the engine names it: `step-<n>` when it has none. */
  readonly id: string;
  readonly action: string | null;
}

/** The steps that are objects, in order. */
export function stepsOf(spec: JsonObject): readonly WrittenStep[] {
  return itemsOf(spec['steps']).flatMap((step, index): readonly WrittenStep[] => {
    if (!isObject(step)) return [];
    const { id, action } = step;
    return [
      {
        step,
        index,
        path: ['spec', 'steps', index],
        id: typeof id === 'string' && id !== '' ? id : `step-${index + 1}`,
        action: typeof action === 'string' ? action : null,
      },
    ];
  });
}
