/** The plan: which packages change, to which version at least, because of what, and who proposed it. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import type { PlannedPackage, PlanRecord } from '../../../api/images-patch.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import { FigureTable, Panel, type FigureColumn } from '../../health/figures.tsx';
import { Digest } from '../digest.tsx';
import { percent } from '../messages.ts';
import { Versions } from '../versions.tsx';
import { Line } from './line.tsx';
import { messages } from './messages.ts';

const PACKAGES_SHOWN = 25;
const FIXES_SHOWN = 4;

export interface PlanPanelProps {
  readonly plan: UseQueryResult<PlanRecord>;
  readonly hash: string | null;
}

export function PlanPanel({ plan, hash }: PlanPanelProps): ReactElement {
  return (
    <Panel title={messages.plan}>
      {hash === null && <p className="health-note">{messages.planNone}</p>}
      {hash !== null && plan.isPending && <Waiting height="8rem" />}
      {plan.isError && (
        <ErrorPanel title={messages.planFailed} error={plan.error} onRetry={() => void plan.refetch()} />
      )}
      {hash !== null && plan.data !== undefined && <Plan plan={plan.data} hash={hash} />}
    </Panel>
  );
}

function Plan({ plan, hash }: { readonly plan: PlanRecord; readonly hash: string }): ReactElement {
  const [isAll, setIsAll] = useState(false);
  const { strategy, reason, planner, confidence, requires, distro, manager, isEndOfLife, packages } = plan;
  const more = packages.length - PACKAGES_SHOWN;
  return (
    <>
      <p className="plan-strategy">{messages.strategies[strategy] ?? strategy}</p>
      {reason !== '' && (
        <p className="plan-reason">
          <bdi>{reason}</bdi>
        </p>
      )}
      <dl className="patch-facts plan-facts">
        <Line title={messages.by}>
          <bdi>{planner.isModel ? messages.byModel(planner.name) : messages.byRules(planner.name)}</bdi>
          {planner.isModel && confidence !== null && messages.confidence(percent(confidence))}
        </Line>
        <Line title={messages.system}>
          {[distro, manager, isEndOfLife ? messages.endOfLife : null]
            .filter((part) => part !== null && part !== '')
            .join(', ')}
        </Line>
        {requires.length > 0 && (
          <Line title={messages.requires}>
            {requires.map((one) => messages.capabilities[one] ?? one).join(', ')}
          </Line>
        )}
        <Line title={messages.planHash}>
          <Digest digest={hash} label={messages.copyHash(messages.plan)} />
        </Line>
      </dl>
      {packages.length > 0 && (
        <FigureTable
          label={messages.plan}
          columns={COLUMNS}
          rows={isAll ? packages : packages.slice(0, PACKAGES_SHOWN)}
          keyOf={({ name }, index) => `${name} ${index}`}
        />
      )}
      {!isAll && more > 0 && (
        <Button className="images-more" variant="secondary" onPress={() => setIsAll(true)}>
          {messages.packagesMore(more)}
        </Button>
      )}
    </>
  );
}

const COLUMNS: readonly FigureColumn<PlannedPackage>[] = [
  { title: messages.package, cell: ({ name }) => <bdi className="plan-package">{name}</bdi> },
  {
    title: messages.action,
    cell: ({ action, replacement }) => (
      <span className="plan-action" data-action={action}>
        {messages.actions[action] ?? action}
        {replacement !== null && <bdi> {messages.replacedBy(replacement)}</bdi>}
      </span>
    ),
  },
  {
    title: messages.versions,
    cell: ({ installed, minVersion }) => <Versions from={installed ?? '–'} to={minVersion ?? '–'} />,
  },
  { title: messages.fixes, cell: ({ vulnerabilities }) => <Fixes names={vulnerabilities} /> },
];

function Fixes({ names }: { readonly names: readonly string[] }): ReactElement {
  const more = names.length - FIXES_SHOWN;
  return (
    <span className="plan-fixes" title={names.join(', ')}>
      {names.slice(0, FIXES_SHOWN).map((name) => (
        <bdi key={name}>{name}</bdi>
      ))}
      {more > 0 && <span className="images-quiet">{messages.fixesMore(more)}</span>}
    </span>
  );
}
