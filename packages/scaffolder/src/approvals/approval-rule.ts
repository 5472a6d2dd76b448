/** `callboard:approval` of a template or a step, as authors write it, becomes a rule; what is wrong with it is named. */
import { configFrom, messageOf } from '@callboard/kernel';
import {
  hasErrors,
  isObject,
  parseRef,
  stringifyRef,
  type Diagnostic,
  type JsonValue,
} from '@callboard/model';
import type { ApprovalRule } from './approval.ts';

const KEYS = ['by', 'count', 'message', 'remindEvery', 'expiresAfter', 'allowRequester'];
const MOST_APPROVERS = 100;
const MOST_COUNT = 100;
const LONGEST_MESSAGE = 2_000;
const MINUTE = 60_000;
const LONGEST = 366 * 24 * 60 * MINUTE;
const DEFAULT_MESSAGE = 'Do you agree?';

/**
 * A reference, or a list of them, is short for `by`; a reference without a kind is of a group. Durations are texts as
 * `2d` or `P2D`, or objects as `{ days: 2 }`, from a minute to a year. Expressions have to be rendered already; one that
 * is not is taken for the text that it is.
 * @param path of the value in its document, for diagnostics; codes are `scaffolder/approval-rule`
 */
export function parseApprovalRule(
  value: unknown,
  { path = 'callboard:approval' }: { readonly path?: string } = {},
): { readonly rule: ApprovalRule | null; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (severity: Diagnostic['severity'], key: string, summary: string, detail: string): void => {
    diagnostics.push({
      severity,
      code: 'scaffolder/approval-rule',
      summary,
      detail,
      path: key === '' ? path : `${path}.${key}`,
    });
  };
  const wrong: Wrong = (key, summary, detail) => report('error', key, summary, detail);
  const written = isObject(value) ? value : { by: value };
  for (const key of Object.keys(written)) {
    if (KEYS.includes(key)) continue;
    report('warning', key, `An approval has no key ${key}`, `It can have ${KEYS.join(', ')}.`);
  }
  const rule: ApprovalRule = {
    by: readBy(written['by'], wrong),
    count: readCount(written['count'], wrong),
    message: readMessage(written['message'], wrong),
    remindEvery: readDuration('remindEvery', written['remindEvery'], wrong),
    expiresAfter: readDuration('expiresAfter', written['expiresAfter'], wrong),
    allowRequester: readFlag(written['allowRequester'], wrong),
  };
  return { rule: hasErrors(diagnostics) ? null : rule, diagnostics };
}

type Wrong = (key: string, summary: string, detail: string) => void;

function readBy(value: unknown, wrong: Wrong): readonly string[] {
  const refs = new Set<string>();
  const written: readonly unknown[] = Array.isArray(value) ? value : [value];
  const detail = 'Write references of users and groups, or of an entity whose owner is asked.';
  if (value === undefined || value === null || written.length === 0) {
    wrong('by', 'An approval does not say who has to agree', detail);
    return [];
  }
  if (written.length > MOST_APPROVERS) {
    wrong('by', `An approval names ${written.length} approvers; ${MOST_APPROVERS} are allowed`, detail);
    return [];
  }
  for (const item of written) {
    const ref = typeof item === 'string' ? parseRef(item.trim(), { kind: 'group' }) : null;
    if (ref === null) wrong('by', `An approval names ${show(item)}, which is no reference`, detail);
    else refs.add(stringifyRef(ref));
  }
  return [...refs];
}

function readCount(value: unknown, wrong: Wrong): number {
  if (value === undefined) return 1;
  // What is rendered inside a longer text is a text.
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MOST_COUNT) return count;
  wrong('count', `An approval has the count ${show(value)}`, `Write a whole number from 1 to ${MOST_COUNT}.`);
  return 1;
}

function readMessage(value: unknown, wrong: Wrong): string {
  if (value === undefined || value === null || value === '') return DEFAULT_MESSAGE;
  if (typeof value === 'string') return value.slice(0, LONGEST_MESSAGE);
  wrong('message', 'The message of an approval is no text', 'Write what the approvers are asked.');
  return DEFAULT_MESSAGE;
}

function readFlag(value: unknown, wrong: Wrong): boolean {
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  wrong('allowRequester', `allowRequester of an approval is ${show(value)}`, 'Write true or false.');
  return false;
}

function readDuration(key: 'remindEvery' | 'expiresAfter', value: unknown, wrong: Wrong): number | null {
  if (value === undefined || value === null) return null;
  const detail = "Write '2d', 'P2D' or { days: 2 }; from a minute to a year.";
  const ms = isDurationValue(value) ? durationOf(value) : 'it is neither a text nor an object';
  if (typeof ms === 'string') {
    wrong(key, `${key} of an approval is no length of time: ${ms}`, detail);
    return null;
  }
  if (ms >= MINUTE && ms <= LONGEST) return Math.round(ms);
  wrong(key, `${key} of an approval comes to ${ms / 1_000} seconds`, detail);
  return null;
}

/** Milliseconds as the configuration reads them, or what is wrong. */
function durationOf(value: JsonValue): number | string {
  try {
    return configFrom({ value }).getOptionalDuration('value') ?? 'it is empty';
  } catch (error) {
    return messageOf(error).replace(/^.*? at 'value', /, '');
  }
}

function isDurationValue(value: unknown): value is JsonValue {
  if (typeof value === 'string') return true;
  return isObject(value) && Object.values(value).every((item) => ['number', 'string'].includes(typeof item));
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 100);
}
