/** What the resolver needs of the language of expressions. */
import type { JsonValue } from '@callboard/model';
import type { Expression } from '../graph.ts';

export type Outcome = { readonly value: JsonValue | undefined } | { readonly failure: string };

export interface Evaluator {
  /** Never rejects. */
  readonly evaluate: (expression: Expression, input: unknown) => Promise<Outcome>;
}
