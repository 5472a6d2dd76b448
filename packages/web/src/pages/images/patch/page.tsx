/** One patch of a golden image: its state, its plan, script and proof, and what a person can do with it. */
import type { ReactElement } from 'react';
import { Link, useParams } from 'react-router-dom';
import { statusOf } from '../../../api/error.ts';
import { isNotConfigured } from '../../../api/images.ts';
import type { Patch } from '../../../api/images-patch.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { useTitle } from '../../../parts/use-title.ts';
import { Waiting } from '../../../parts/waiting.tsx';
import { NotConfigured } from '../not-configured.tsx';
import { StateBadge } from '../state-badge.tsx';
import { isAtWork, stateWords } from '../state-words.ts';
import { Actions } from './actions.tsx';
import { Facts } from './facts.tsx';
import { LogPanel } from './log-panel.tsx';
import { messages } from './messages.ts';
import './patch.css';
import { PlanPanel } from './plan-panel.tsx';
import { Promotions } from './promotions.tsx';
import { ProofPanel } from './proof-panel.tsx';
import { usePatch, usePlan } from './queries.ts';
import { Records } from './records.tsx';
import { GatePanel, LeftOverPanel } from './reasons.tsx';
import { ScriptPanel } from './script-panel.tsx';
import { Timeline } from './timeline.tsx';

export function PatchPage(): ReactElement {
  const { id = '' } = useParams();
  const patch = usePatch(id);
  const golden = patch.data?.golden ?? '';
  useTitle(golden === '' ? messages.back : messages.title(golden));
  if (statusOf(patch.error) === 404 && patch.data === undefined) {
    return <NotThere isConfigured={!isNotConfigured(patch.error)} />;
  }
  return (
    <>
      <Link className="cb-link patch-back" to="/images">
        {messages.back}
      </Link>
      {patch.data === undefined && <h1 className="cb-hidden">{messages.back}</h1>}
      {patch.isError && (
        <ErrorPanel title={messages.failed} error={patch.error} onRetry={() => void patch.refetch()} />
      )}
      {patch.isPending && <Waiting height="20rem" />}
      {patch.data !== undefined && <Shown key={patch.data.id} patch={patch.data} />}
    </>
  );
}

function Shown({ patch }: { readonly patch: Patch }): ReactElement {
  const planHash = patch.records.plan ?? null;
  const plan = usePlan(planHash);
  const { meaning, tone } = stateWords(patch);
  // While it is at work, people look at its log. It is the same one, wherever it stands.
  const log = <LogPanel key="log" patch={patch} />;
  const reasons = [
    <GatePanel key="gate" reasons={patch.gate} />,
    <PlanPanel key="plan" plan={plan} hash={planHash} />,
    <ProofPanel key="proof" patch={patch} />,
    <LeftOverPanel key="left" left={patch.leftOver} />,
    <ScriptPanel key="script" patch={patch} />,
  ];
  return (
    <>
      <header className="patch-head">
        <h1>
          <bdi>{messages.title(patch.golden)}</bdi> <span className="patch-platform">{patch.platform}</span>
        </h1>
        <StateBadge patch={patch} />
        <Actions patch={patch} shownPlan={plan.data === undefined ? null : planHash} />
        <p className="patch-meaning" role="status">
          {meaning}
        </p>
        {patch.reason !== null && (
          <p className="patch-why" data-tone={tone}>
            <bdi>{patch.reason}</bdi>
          </p>
        )}
      </header>
      <Timeline patch={patch} />
      <div className="patch-panels">
        <div className="patch-main">{isAtWork(patch) ? [log, ...reasons] : [...reasons, log]}</div>
        <div className="patch-side">
          <Facts patch={patch} />
          <Promotions patch={patch} />
          <Records patch={patch} />
        </div>
      </div>
    </>
  );
}

function NotThere({ isConfigured }: { readonly isConfigured: boolean }): ReactElement {
  if (!isConfigured) {
    return (
      <>
        <h1>{messages.back}</h1>
        <NotConfigured />
      </>
    );
  }
  return (
    <section className="cb-notice">
      <h1>{messages.notFound}</h1>
      <p>{messages.notFoundWhy}</p>
      <Link className="cb-link" to="/images">
        {messages.toImages}
      </Link>
    </section>
  );
}
