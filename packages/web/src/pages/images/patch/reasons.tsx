/** Why: what the gate asks or refuses, and what a patch leaves over. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { GateReason, LeftOver } from '../../../api/images-patch.ts';
import { messages as listMessages } from '../messages.ts';
import { FigureTable, Panel, type FigureColumn } from '../../health/figures.tsx';
import { leftOverWords } from './check-words.ts';
import { messages } from './messages.ts';

const LEFT_SHOWN = 10;

export function GatePanel({ reasons }: { readonly reasons: readonly GateReason[] }): ReactElement | null {
  if (reasons.length === 0) return null;
  return (
    <Panel title={messages.gate}>
      <p className="health-note">{messages.gateWhy}</p>
      <ul className="images-rows">
        {reasons.map(({ check, package: name, text }, index) => (
          <li key={`${check} ${index}`} className="gate-row">
            <code>{check}</code>
            <span className="gate-text">
              {name !== null && (
                <>
                  <bdi className="gate-package">{name}</bdi>:{' '}
                </>
              )}
              <bdi>{text}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function LeftOverPanel({ left }: { readonly left: readonly LeftOver[] }): ReactElement | null {
  const [isAll, setIsAll] = useState(false);
  if (left.length === 0) return null;
  const sorted = left.toSorted((a, b) => a.reason.localeCompare(b.reason));
  return (
    <Panel title={messages.leftOver}>
      <p className="health-note">{messages.leftOverWhy}</p>
      <FigureTable
        label={messages.leftOver}
        columns={COLUMNS}
        rows={isAll ? sorted : sorted.slice(0, LEFT_SHOWN)}
        keyOf={({ vulnerability, package: name }, index) => `${vulnerability} ${name} ${index}`}
      />
      {!isAll && sorted.length > LEFT_SHOWN && (
        <Button className="images-more" variant="secondary" onPress={() => setIsAll(true)}>
          {listMessages.more}
        </Button>
      )}
    </Panel>
  );
}

const COLUMNS: readonly FigureColumn<LeftOver>[] = [
  { title: listMessages.vulnerability, cell: ({ vulnerability }) => <bdi>{vulnerability}</bdi> },
  { title: listMessages.packages, cell: ({ package: name }) => <bdi>{name}</bdi> },
  { title: messages.why, cell: ({ reason }) => leftOverWords(reason) },
];
