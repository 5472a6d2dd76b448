/** Which value of a field counts: what was entered, what is suggested, or none. A function of what is known, and no more. */
import type { JsonValue } from '@callboard/model';
import type { FieldState } from '../graph.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { Membership } from './choice.ts';

/** Not given; emptied by somebody; or given. */
export type Entered =
  | { readonly kind: 'not-given' }
  | { readonly kind: 'emptied' }
  | { readonly kind: 'given'; readonly value: JsonValue };

export type Verdict = Pick<FieldState, 'value' | 'origin' | 'replaced'>;

export interface Weighed {
  readonly entered: Entered;
  readonly suggested: JsonValue | undefined;
  readonly isDisabled: boolean;
  /** Null: any value will do. */
  readonly memberOf: ((value: JsonValue) => Membership) | null;
}

export function weigh({ entered, suggested, isDisabled, memberOf }: Weighed): Verdict {
  const other: Verdict = {
    value: suggested,
    origin: suggested === undefined ? 'none' : 'suggested',
    replaced: null,
  };
  if (isDisabled || entered.kind === 'not-given') return other;
  if (entered.kind === 'emptied') return { value: undefined, origin: 'none', replaced: null };
  const kept = memberOf === null ? entered.value : among(entered.value, memberOf);
  if (kept === undefined) return { ...other, replaced: { entered: entered.value } };
  const replaced = isDeepEqual(kept, entered.value) ? null : { entered: entered.value };
  return { value: kept, origin: 'entered', replaced };
}

/** What of a value is an option: all of it, those items of a list that are, or nothing. Unknown counts. */
export function among(value: JsonValue, memberOf: (value: JsonValue) => Membership): JsonValue | undefined {
  if (!isJsonList(value)) return memberOf(value) === 'is-not' ? undefined : value;
  if (value.length === 0 || memberOf(value) === 'is') return value;
  const items = value.filter((item) => memberOf(item) !== 'is-not');
  return items.length === 0 ? undefined : items;
}

/** What has to be an option: a value, or each item of a list. */
export function candidatesOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return isJsonList(value) ? value : [value];
}

function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
