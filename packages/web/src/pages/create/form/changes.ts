/** What changed in a form by itself, in words: for those who do not see it. */
import type { FieldState, Resolution } from '@callboard/form';
import { messages } from '../messages.ts';
import { labelOfValue } from './option-words.ts';

export interface Change {
  readonly before: Resolution;
  readonly after: Resolution;
  /** The page that is shown, from 0: nothing is said of others. */
  readonly page: number;
}

/** One sentence for each field that got another value, came or went; none for what somebody entered. */
export function changesIn({ before, after, page }: Change): readonly string[] {
  const said: string[] = [];
  for (const [id, now] of after.fields) {
    if (now.field.page !== page) continue;
    const then = before.fields.get(id);
    const sentence = then === undefined ? null : changeOf(then, now, after);
    if (sentence !== null) said.push(sentence);
  }
  return said;
}

function changeOf(then: FieldState, now: FieldState, resolution: Resolution): string | null {
  const { title } = now.field;
  const isShown = isAsked(now);
  if (isShown !== isAsked(then)) return isShown ? messages.appeared(title) : messages.disappeared(title);
  if (!isShown) return null;
  if (now.replaced !== null && then.replaced === null) {
    return replacedText(now, resolution);
  }
  if (now.origin === 'suggested' && !isSame(now.value, then.value)) {
    return messages.nowIs(title, labelOfValue(now, now.value));
  }
  if (now.options?.status === 'failed' && then.options?.status !== 'failed') {
    return messages.choicesFailed(title);
  }
  return null;
}

/** That what was entered does not count, with what it does not go together, and what was taken instead. */
export function replacedText(state: FieldState, resolution: Resolution): string {
  const { field, value, replaced } = state;
  const was = labelOfValue(state, replaced?.entered);
  const cause = causeOf(state, resolution);
  const isNot = cause === null ? messages.replaced(was, field.title) : messages.replacedFor(was, cause);
  const isTaken = value !== undefined && !(Array.isArray(value) && value.length === 0);
  return `${isNot} ${isTaken ? messages.taken(labelOfValue(state, value)) : messages.chooseAgain}`;
}

/** The one other field that the options hang on; null when there are several, or none with rules. */
function causeOf({ field }: FieldState, { fields }: Resolution): string | null {
  const [only, ...others] = field.dependsOn;
  const parent = only === undefined || others.length > 0 ? undefined : fields.get(only);
  if (parent?.value === undefined) return null;
  return messages.cause(parent.field.title, labelOfValue(parent, parent.value));
}

function isAsked({ isPresent, isVisible }: FieldState): boolean {
  return isPresent && isVisible;
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);
}
