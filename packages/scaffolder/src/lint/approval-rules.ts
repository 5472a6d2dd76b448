/** `callboard:approval` of a template and of its steps: who has to agree, as far as it is written out. */
import { pathSegments, type JsonValue } from '@callboard/model';
import { parseApprovalRule } from '../approvals/approval-rule.ts';
import { scanExpression } from './expression-scan.ts';
import { stepsOf, textsIn, type Looking } from './looking.ts';
import type { Path } from './source-document.ts';

const KEY = 'callboard:approval';

export function checkApprovals(looking: Looking): void {
  check(looking, looking.spec[KEY], ['spec', KEY]);
  for (const { step, path } of stepsOf(looking.spec)) check(looking, step[KEY], [...path, KEY]);
}

function check(looking: Looking, value: JsonValue | undefined, path: Path): void {
  if (value === undefined) return;
  // What an expression gives is only known when the task runs.
  const computed = [...textsIn(value, [])].filter(({ text }) => scanExpression(text).isDynamic);
  for (const found of parseApprovalRule(value, { path: '' }).diagnostics) {
    const place = pathSegments((found.path ?? '').replace(/^\./, '')) ?? [];
    if (computed.some((one) => one.path[0] === place[0] || one.path.length === 0)) continue;
    const { severity, code, summary, detail } = found;
    looking.report({ severity, code, summary, detail, path: [...path, ...place] });
  }
}
