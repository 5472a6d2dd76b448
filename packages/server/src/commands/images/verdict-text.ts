/** A verdict and what followed from it, for people. */
import type { Promotion, Verdict } from '@callboard/images';
import type { Output } from '../output.ts';
import { bytesText, countOf, wrapped } from './words.ts';

/** What is still there and is shown. */
const MOST_SHOWN = 5;

export function verdictText(verdict: Verdict, out: Output): string {
  const { proved, image, checks, findings, grown, scanner } = verdict;
  const head = proved ? out.paint('green', 'Proved') : out.paint('red', 'Not proved');
  const [before, after] = [vulnerabilities(findings.before), vulnerabilities(findings.after)];
  const counts =
    scanner === null
      ? 'there was no scan'
      : `${countOf(before.size, 'fixable finding')} before, ${after.size} after, says ${scanner.name}`;
  const good = checks.filter(({ ok }) => ok).length;
  const lines = [
    `${head}: ${counts}.`,
    `  ${image.registry}/${image.repository}@${image.digest}`,
    `  ${good} of ${countOf(checks.length, 'check')} good; it grew by ${bytesText(grown)}`,
  ];
  return `${lines.join('\n')}\n${stillText(after)}${failedText(checks, out)}`;
}

/** Each with the packages that have it. */
function vulnerabilities(findings: Verdict['findings']['after']): ReadonlyMap<string, readonly string[]> {
  const found = Map.groupBy(findings, ({ vulnerability }) => vulnerability);
  return new Map([...found].map(([name, all]) => [name, all.map(({ package: where }) => where)]));
}

function stillText(after: ReadonlyMap<string, readonly string[]>): string {
  if (after.size === 0) return '';
  const shown = [...after].slice(0, MOST_SHOWN).map(([name, packages]) => `${name} (${packages.join(', ')})`);
  const rest = after.size > MOST_SHOWN ? ` and ${after.size - MOST_SHOWN} more` : '';
  return wrapped(`still there: ${shown.join(', ')}${rest}`, { indent: '  ' });
}

/** Checks that failed for the same reason, together. */
function failedText(checks: Verdict['checks'], out: Output): string {
  const byReason = Map.groupBy(
    checks.filter(({ ok }) => !ok),
    ({ detail }) => detail,
  );
  return [...byReason]
    .map(([detail, failed]) => {
      const names = failed.map(({ id }) => out.paint('red', id)).join(', ');
      return `  ${names}\n${wrapped(detail, { indent: '    ' })}`;
    })
    .join('');
}

export function promotionText({ at, tag, previous, current, patchTag, beforeTag }: Promotion): string {
  const name = `${at.registry}/${at.repository}`;
  return (
    `${name}:${tag} is ${current}\n` +
    `  it was ${previous}, which ${beforeTag} keeps; ${patchTag} keeps the new one\n`
  );
}
