/** What an answer becomes, as the form does it itself with lists in the template; only that a failure names the source. */
import { loadExpressions, shapeOptions, type Option, type Shaping } from '@callboard/form';
import type { JsonValue } from '@callboard/model';
import { sourceFailed } from './source-error.ts';

export interface ShapedSource extends Omit<Shaping, 'language'> {
  /** How messages call the source. */
  readonly name: string;
}

/**
 * @throws CodedError 503 `scaffolder/source-failed` when the answer has no list, none of its items has a value, or a rule
 *   of the shape fails
 */
export async function toOptions(
  answer: JsonValue,
  { name, ...asked }: ShapedSource,
): Promise<readonly Option[]> {
  const shaped = await shapeOptions(answer, { ...asked, language: await loadExpressions() });
  if ('failure' in shaped) {
    const { failure, by } = shaped;
    throw sourceFailed(
      by === 'answer' ? `${name} has changed its answers: ${failure}.` : `${name}: ${failure}.`,
    );
  }
  // In a template an empty text is a choice; in an answer it is nothing.
  return shaped.options.filter(({ value }) => value !== '');
}
