/** What has to be said below a field with rules. */
import type { FieldId, FieldState } from '@callboard/form';
import { messages } from '../messages.ts';
import { keyOfValue } from './option-words.ts';

export interface RuleMarks {
  readonly isSuggested: boolean;
  readonly canRestore: boolean;
  readonly isReplaced: boolean;
  /** What its rules did wrong, for whoever can mend the template. */
  readonly failures: readonly string[];
  /** Whether there is anything to say. */
  readonly isAny: boolean;
}

export function marksOf(state: FieldState): RuleMarks {
  const { field, origin, suggested, value, replaced, isDisabled } = state;
  const { rules } = field;
  // A default of the schema is what the form begins with, and nothing that followed from anything.
  const suggests = rules !== null && (rules.suggest !== null || rules.source?.gives === 'value');
  const hasSuggestion = suggests && suggested !== undefined;
  const isSuggested = hasSuggestion && origin === 'suggested' && value !== undefined && !isDisabled;
  const isOther = origin === 'entered' || (origin === 'none' && value === undefined);
  const canRestore = hasSuggestion && !isDisabled && isOther && keyOfValue(value) !== keyOfValue(suggested);
  const isReplaced = replaced !== null;
  const failures = [
    ...state.problems.flatMap(({ kind, message }) => (kind === 'rule-failed' ? [message] : [])),
    ...(value === undefined ? failedSuggestions(state) : []),
  ];
  return {
    isSuggested,
    canRestore,
    isReplaced,
    failures,
    isAny: isSuggested || canRestore || isReplaced || isDisabled || failures.length > 0,
  };
}

/** They keep nobody from sending the form, as the value can be entered by hand. */
function failedSuggestions({ reasons }: FieldState): readonly string[] {
  return reasons.flatMap(({ what, failure }) =>
    what === 'suggest' && failure !== null ? [messages.suggestFailed(failure)] : [],
  );
}

export interface FieldsRead {
  /** Those without a value. */
  readonly missing: readonly FieldId[];
  readonly given: readonly FieldId[];
}

/** The fields that a rule of a field looked at. */
export function fieldsRead(state: FieldState, what: 'disabled' | 'visible'): FieldsRead {
  const reads = state.reasons.flatMap((reason) => (reason.what === what ? Object.entries(reason.read) : []));
  const names = (isMissing: boolean): readonly FieldId[] => [
    ...new Set(reads.filter(([, value]) => isNothing(value) === isMissing).map(([id]) => id)),
  ];
  return { missing: names(true), given: names(false) };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}
