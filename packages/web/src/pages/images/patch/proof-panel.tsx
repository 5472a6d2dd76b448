/** The verdict about the new image: fixable findings before and after, and every check with what was wrong. */
import type { ReactElement } from 'react';
import type { Patch, PatchCheck, VerdictRecord } from '../../../api/images-patch.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { CheckIcon, CloseIcon } from '../../../parts/icons.tsx';
import { Figure, Panel } from '../../health/figures.tsx';
import { checkWords } from './check-words.ts';
import { Line } from './line.tsx';
import { messages, size } from './messages.ts';
import { useVerdict } from './queries.ts';

export function ProofPanel({ patch }: { readonly patch: Patch }): ReactElement {
  const { checks, fixable, records } = patch;
  const verdict = useVerdict(records.verdict ?? null);
  if (checks === null) {
    return (
      <Panel title={messages.proof}>
        <p className="health-note">{messages.proofNone}</p>
      </Panel>
    );
  }
  const failed = checks.filter(({ ok }) => !ok);
  const passed = checks.filter(({ ok }) => ok);
  return (
    <Panel title={messages.proof}>
      {fixable !== null && (
        <dl className="figure-row">
          <Figure
            title={messages.fixable}
            value={messages.fixableText(fixable.before, fixable.after)}
            {...(fixable.after > 0 && { tone: 'bad' as const })}
          />
        </dl>
      )}
      {verdict.isError && (
        <ErrorPanel
          title={messages.verdictFailed}
          error={verdict.error}
          onRetry={() => void verdict.refetch()}
        />
      )}
      {verdict.data !== undefined && <VerdictFacts verdict={verdict.data} />}
      <h3 className="health-sub">{messages.checksPassed(passed.length, checks.length)}</h3>
      <ul className="checks">
        {[...failed, ...passed].map((check) => (
          <CheckItem key={check.id} check={check} />
        ))}
      </ul>
    </Panel>
  );
}

function VerdictFacts({ verdict }: { readonly verdict: VerdictRecord }): ReactElement {
  const { scanner, grown, fixed } = verdict;
  return (
    <dl className="patch-facts plan-facts">
      {scanner !== null && (
        <Line title={messages.scanner}>
          <bdi>{messages.scannerText(scanner.name, scanner.version, scanner.database)}</bdi>
        </Line>
      )}
      {grown !== null && (
        <Line title={messages.grown}>
          {grown < 0 ? messages.shrank(size(grown)) : messages.grew(size(grown))}
        </Line>
      )}
      {fixed.length > 0 && (
        <Line title={messages.fixed}>
          <span className="proof-fixed">
            {fixed.map((name) => (
              <bdi key={name}>{name}</bdi>
            ))}
          </span>
        </Line>
      )}
    </dl>
  );
}

function CheckItem({ check }: { readonly check: PatchCheck }): ReactElement {
  const { id, ok, detail } = check;
  return (
    <li className="check" data-ok={ok}>
      {ok ? <CheckIcon /> : <CloseIcon />}
      <span className="check-text">
        <span className="cb-hidden">{ok ? messages.passed : messages.failedCheck}: </span>
        <span title={id}>{checkWords(id)}</span>
        {detail !== '' && <bdi className="check-detail">{detail}</bdi>}
      </span>
    </li>
  );
}
