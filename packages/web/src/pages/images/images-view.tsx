/** Every golden image, the patches of them, how long they take, and what needs somebody. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { isNotConfigured, type Golden, type StageFigures, type Trouble } from '../../api/images.ts';
import { count } from '../../messages.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { FigureTable, Panel, type FigureColumn } from '../health/figures.tsx';
import { GoldenCard } from './golden-card.tsx';
import { messages } from './messages.ts';
import { NoGoldens, NotConfigured } from './not-configured.tsx';
import { PatchList } from './patch-list.tsx';
import { useFigures, useGoldens, useTroubles } from './queries.ts';
import { span } from './span.ts';

/** The patches stand below, and are to be found. */
const GOLDENS_SHOWN = 12;

export function ImagesView(): ReactElement {
  const goldens = useGoldens();
  if (isNotConfigured(goldens.error)) return <NotConfigured />;
  return (
    <>
      {goldens.isError && (
        <ErrorPanel
          title={messages.failedGoldens}
          error={goldens.error}
          onRetry={() => void goldens.refetch()}
        />
      )}
      {goldens.isPending && <Waiting height="14rem" />}
      {goldens.data !== undefined && (
        <>
          <Goldens goldens={goldens.data} />
          <Troubles />
          <PatchList goldens={goldens.data.map(({ name }) => name)} />
          <Figures />
        </>
      )}
    </>
  );
}

function Goldens({ goldens }: { readonly goldens: readonly Golden[] }): ReactElement {
  const [isAll, setIsAll] = useState(false);
  if (goldens.length === 0) return <NoGoldens />;
  // One more than fits is shown rather than a button.
  const isCut = !isAll && goldens.length > GOLDENS_SHOWN + 1;
  return (
    <>
      <ul className="goldens">
        {goldens.slice(0, isCut ? GOLDENS_SHOWN : undefined).map((golden) => (
          <GoldenCard key={golden.name} golden={golden} />
        ))}
      </ul>
      {isCut && (
        <Button className="goldens-all" variant="secondary" onPress={() => setIsAll(true)}>
          {messages.allImages(goldens.length)}
        </Button>
      )}
    </>
  );
}

function Troubles(): ReactElement | null {
  const troubles = useTroubles();
  if (troubles.isError) {
    return (
      <ErrorPanel
        title={messages.failedTroubles}
        error={troubles.error}
        onRetry={() => void troubles.refetch()}
      />
    );
  }
  if (troubles.data === undefined || troubles.data.length === 0) return null;
  return (
    <Panel title={messages.troubles}>
      <p className="health-note">{messages.troublesWhy}</p>
      <ul className="images-rows">
        {troubles.data.map((trouble, index) => (
          <TroubleRow key={`${String(trouble.at?.getTime())} ${index}`} trouble={trouble} />
        ))}
      </ul>
    </Panel>
  );
}

function TroubleRow({ trouble }: { readonly trouble: Trouble }): ReactElement {
  return (
    <li className="trouble-row">
      <span>{messages.troubleKinds[trouble.kind] ?? trouble.kind}</span>
      <bdi className="trouble-why">{trouble.summary}</bdi>
      {trouble.at !== null && (
        <span className="images-quiet">
          <Time at={trouble.at} />
        </span>
      )}
    </li>
  );
}

function Figures(): ReactElement | null {
  const figures = useFigures();
  if (figures.isError) {
    return (
      <ErrorPanel
        title={messages.failedFigures}
        error={figures.error}
        onRetry={() => void figures.refetch()}
      />
    );
  }
  if (figures.data === undefined) return null;
  const { patches, stages } = figures.data;
  return (
    <Panel title={messages.figures}>
      <p className="health-note">{patches === 0 ? messages.figuresNone : messages.figuresOf(patches)}</p>
      {patches > 0 && (
        <FigureTable
          label={messages.figures}
          columns={STAGE_COLUMNS}
          rows={stages}
          keyOf={({ stage }) => stage}
        />
      )}
    </Panel>
  );
}

const STAGE_COLUMNS: readonly FigureColumn<StageFigures>[] = [
  { title: messages.figuresStage, cell: ({ stage }) => messages.figureStages[stage] ?? stage },
  { title: messages.median, kind: 'number', cell: ({ median }) => spanOrNone(median) },
  { title: messages.p95, kind: 'number', cell: ({ p95 }) => spanOrNone(p95) },
  { title: messages.ended, kind: 'number', cell: ({ ended }) => count(ended) },
  { title: messages.open, kind: 'number', cell: ({ open }) => count(open) },
];

function spanOrNone(ms: number | null): string {
  return ms === null ? '–' : span(ms);
}
