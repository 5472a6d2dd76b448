/** Where a group or a user stands in the company: the way down from the top, open, and everything else to be opened. */
import { useMemo, useState, type ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import { stringifyRef } from '@callboard/model';
import { useQueryClient } from '@tanstack/react-query';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import type { EntityTabProps } from '../entity-tab.ts';
import { EntityCard } from '../overview/card.tsx';
import { useBranches, useChart, type Chart } from './chart-queries.ts';
import { messages } from './messages.ts';
import { lineKey, treeLines, type TreeLine } from './tree.ts';
import { TreeView } from './tree-view.tsx';

export function OrgChartTab({ entity, entityRef }: EntityTabProps): ReactElement {
  const chart = useChart(entity, entityRef);
  if (chart.data === undefined) {
    if (!chart.isError) return <Skeleton width="100%" height="16rem" />;
    return (
      <ErrorPanel title={messages.chartFailed} error={chart.error} onRetry={() => void chart.refetch()} />
    );
  }
  return <ChartView key={stringifyRef(entityRef)} chart={chart.data} />;
}

function ChartView({ chart }: { readonly chart: Chart }): ReactElement {
  const client = useQueryClient();
  const [expanded, setExpanded] = useState(() => expandedAtFirst(chart));
  const [pages, setPages] = useState<ReadonlyMap<string, number>>(new Map());
  const open = useMemo(() => [...new Set([...expanded].map(lastOf))], [expanded]);
  const branches = useBranches(open, pages);
  const lines = treeLines({ roots: chart.roots, expanded, branches });
  const current = chart.ways.map(lineKey);

  function toggle(key: string): void {
    const after = new Set(expanded);
    if (!after.delete(key)) after.add(key);
    setExpanded(after);
  }

  function more(line: TreeLine): void {
    if (line.kind === 'failed') void client.invalidateQueries({ queryKey: ['org-branch', line.reference] });
    if (line.kind !== 'more') return;
    const { reference } = line;
    setPages(new Map([...pages, [reference, (pages.get(reference) ?? 1) + 1]]));
  }

  return (
    <EntityCard title={messages.chart}>
      <p className="entity-none">{messages.chartNote}</p>
      {lines.length === 0 && <p className="entity-none">{messages.chartNone}</p>}
      {lines.length > 0 && (
        <TreeView label={messages.chart} lines={lines} current={current} onToggle={toggle} onMore={more} />
      )}
    </EntityCard>
  );
}

/** Every group on the way, and the group itself. */
function expandedAtFirst({ ways }: Chart): ReadonlySet<string> {
  return new Set(ways.flatMap((way) => way.map((_, index) => lineKey(way.slice(0, index + 1)))));
}

function lastOf(key: string): string {
  return key.split('>').at(-1) ?? key;
}
