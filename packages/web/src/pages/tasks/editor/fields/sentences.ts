/** Why a field is as it is, in sentences: what was decided, by which rule, and from which values. */
import type { FieldId, FieldProblem, FieldState, Reason } from '@callboard/form';
import type { JsonValue } from '@callboard/model';
import { labelOfValue, textOfValue } from '../../../create/form/option-words.ts';
import { messages } from './messages.ts';
import { SECRET, type FieldNow } from './picture.ts';

export interface Sentence {
  readonly tone: 'plain' | 'bad';
  readonly text: string;
}

export interface Words {
  readonly titleOf: (id: FieldId) => string;
  /** Values that are not to be shown. */
  readonly isSecret: (id: FieldId) => boolean;
}

/** Of one place of a field. Empty when it is simply as somebody filled it in. */
export function sentencesOf(state: FieldState, words: Words): readonly Sentence[] {
  if (!state.isPresent) return [plain(whyAbsent(state, words))];
  if (!state.isVisible) return [plain(whyRule(state, 'visible', words))];
  const said: Sentence[] = [];
  const { rules } = state.field;
  if (state.isDisabled) said.push(plain(whyRule(state, 'disabled', words)));
  if (state.isRequired && (rules?.required ?? null) !== null)
    said.push(plain(whyRule(state, 'required', words)));
  if (state.replaced !== null)
    said.push(bad(messages.whyReplaced(shownValue(state, state.replaced.entered, words))));
  else if (state.origin === 'suggested' && state.value !== undefined)
    said.push(plain(whySuggested(state, words)));
  said.push(...ofOptions(state, words), ...state.problems.flatMap((problem) => ofProblem(problem, state)));
  return said;
}

/** Of a field, with what its schema says of its value. */
export function sentencesOfField({ field, states, wrong }: FieldNow, words: Words): readonly Sentence[] {
  const [only] = states;
  const ofState = states.length === 1 && only !== undefined ? sentencesOf(only, words) : [];
  return [...ofState, ...wrong.map((message) => bad(messages.whyWrong(field.title, message)))];
}

function plain(text: string): Sentence {
  return { tone: 'plain', text };
}

function bad(text: string): Sentence {
  return { tone: 'bad', text };
}

function whyAbsent({ reasons }: FieldState, words: Words): string {
  const failed = reasons.filter(({ what, result }) => what === 'condition' && result === false);
  const [first] = failed;
  if (first === undefined) return messages.whyAbsentAbove;
  const because = becauseOf(first, words);
  return `${messages.whyAbsent}${because === '' ? '' : `: ${because}`}.`;
}

const ALWAYS = {
  visible: messages.whyHiddenAlways,
  disabled: messages.whyDisabledAlways,
  required: messages.whyRequiredAlways,
} as const;
const WHY = {
  visible: messages.whyHidden,
  disabled: messages.whyDisabled,
  required: messages.whyRequired,
} as const;

/** A rule without a reason is no expression: it is so whatever is entered. */
function whyRule({ reasons }: FieldState, what: keyof typeof WHY, words: Words): string {
  const reason = reasons.find((one) => one.what === what);
  return reason === undefined ? ALWAYS[what] : `${WHY[what]}: ${givesOf(reason, words)}.`;
}

function whySuggested(state: FieldState, words: Words): string {
  const { field, reasons } = state;
  const reason = reasons.find(({ what }) => what === 'suggest');
  if (reason !== undefined) return `${messages.whySuggested}: ${givesOf(reason, words, state)}.`;
  return field.rules?.source?.gives === 'value' ? messages.whySuggestedSource : messages.whySuggestedDefault;
}

/** `rule` gives x: A is b, and C has no value. */
function givesOf(reason: Reason, words: Words, state: FieldState | null = null): string {
  const { result } = reason;
  const text = (given: JsonValue): string => (state === null ? textOf(given) : labelOfValue(state, given));
  const gives = result === undefined ? messages.gaveNothing : messages.quoted(text(result));
  return messages.as(`\`${shortened(reason.text)}\``, gives, becauseOf(reason, words));
}

function becauseOf({ read }: Reason, { titleOf, isSecret }: Words): string {
  return Object.entries(read)
    .map(([id, value]) => {
      const text = value === undefined ? null : messages.quoted(isSecret(id) ? SECRET : textOf(value));
      return messages.is(titleOf(id), text);
    })
    .join(', ');
}

function ofOptions({ options }: FieldState, { titleOf }: Words): readonly Sentence[] {
  switch (options?.status) {
    case 'waiting':
      return [plain(messages.whyWaiting(options.for.map(titleOf).join(', ')))];
    case 'loading':
      return [plain(messages.whyLoading)];
    case 'failed':
      return [bad(messages.whyFailed(options.message))];
    default:
      return [];
  }
}

/** What the source did is said by its options. */
function ofProblem({ kind, message }: FieldProblem, { field, options }: FieldState): readonly Sentence[] {
  if (kind === 'source-failed')
    return options?.status === 'failed' ? [] : [bad(`${field.title} ${message}.`)];
  if (kind === 'rule-failed') return [bad(messages.whyBroken(message))];
  return [bad(messages.whyWrong(field.title, message))];
}

function shownValue(state: FieldState, value: JsonValue, { isSecret }: Words): string {
  return messages.quoted(isSecret(state.id) ? SECRET : labelOfValue(state, value));
}

const LONGEST = 80;

/** A value in a sentence, shortened. */
export function textOf(value: JsonValue): string {
  return shortened(typeof value === 'boolean' ? String(value) : textOfValue(value));
}

function shortened(given: string): string {
  const text = given.replaceAll(/\s+/g, ' ').trim();
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
