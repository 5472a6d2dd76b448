/** The versions of an entity, newest first: what changed, when, from which source, and how it read before. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { EntityRef } from '@callboard/model';
import type { Version } from '../../../api/history.ts';
import { LOCALE } from '../../../messages.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { absoluteTime } from '../../../parts/relative-time.ts';
import { Time } from '../../../parts/time.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import { LocationText } from '../location-text.tsx';
import { ProblemList } from '../problem-list.tsx';
import { changedPaths } from './changed-paths.ts';
import './history.css';
import { messages } from './messages.ts';
import { useDiff, useHistory } from './queries.ts';
import type { DiffLine } from './line-diff.ts';

/** Names of changed parts that are shown in the line of a version. */
const PATHS_SHOWN = 4;
const LINES_SHOWN = 600;

export function Versions({ entityRef }: { readonly entityRef: EntityRef }): ReactElement {
  const history = useHistory(entityRef);
  if (history.data === undefined) {
    if (!history.isError) return <Waiting height="12rem" />;
    return (
      <ErrorPanel title={messages.failed} error={history.error} onRetry={() => void history.refetch()} />
    );
  }
  const versions = history.data.pages.flatMap((page) => page.versions);
  return (
    <>
      {history.isError && (
        <ErrorPanel title={messages.failed} error={history.error} onRetry={() => void history.refetch()} />
      )}
      <ol className="versions">
        {versions.map((version, index) => (
          <VersionItem
            key={`${version.id} ${version.change}`}
            version={version}
            before={versions[index + 1] ?? null}
            isOpen={index === 0 && versions.length > 1}
          />
        ))}
      </ol>
      {history.hasNextPage ? (
        <Button
          variant="secondary"
          isPending={history.isFetchingNextPage}
          onPress={() => void history.fetchNextPage()}
        >
          {messages.earlier}
        </Button>
      ) : (
        <p className="entity-none">{messages.beginning}</p>
      )}
    </>
  );
}

interface VersionItemProps {
  readonly version: Version;
  /** Null for the oldest one that is known. */
  readonly before: Version | null;
  /** Whether its difference is shown at first. */
  readonly isOpen: boolean;
}

function VersionItem({ version, before, isOpen: isOpenFirst }: VersionItemProps): ReactElement {
  const [isOpen, setIsOpen] = useState(isOpenFirst);
  const { change, at, location, problems } = version;
  const hasMoved = before?.location != null && before.location !== location;
  const isWhole = before === null || change === 'added';
  const paths = isWhole || change === 'removed' ? [] : changedPaths(before.entity, version.entity);
  const hasDiff = isWhole || change === 'removed' || paths.length > 0;
  return (
    <li className="version">
      <div className="version-head">
        <span className="version-change" data-change={change}>
          {messages.changes[change]}
        </span>
        {at !== null && (
          <span className="version-when">
            <Time at={at} />
          </span>
        )}
        {paths.length > 0 && <Paths paths={paths} />}
        {hasDiff && (
          <Button
            className="version-toggle"
            variant="tertiary"
            aria-expanded={isOpen}
            onPress={() => setIsOpen(!isOpen)}
          >
            {toggleText({ isOpen, isWhole })}
          </Button>
        )}
      </div>
      <p className="version-from">
        {location !== null && (
          <>
            {messages.from} <LocationText location={location} />
          </>
        )}
        {hasMoved && (
          <>
            {' '}
            {messages.movedFrom} <LocationText location={before.location ?? ''} />
          </>
        )}
      </p>
      {problems.length > 0 && change === 'failing' && <ProblemList problems={problems} />}
      {hasDiff && isOpen && <Diff version={version} before={change === 'added' ? null : before} />}
    </li>
  );
}

function toggleText(of: { readonly isOpen: boolean; readonly isWhole: boolean }): string {
  if (of.isWhole) return of.isOpen ? messages.hideWhole : messages.showWhole;
  return of.isOpen ? messages.hideDiff : messages.showDiff;
}

function Paths({ paths }: { readonly paths: readonly string[] }): ReactElement {
  const shown = paths.slice(0, PATHS_SHOWN);
  return <bdi className="version-paths">{messages.paths(shown, paths.length - shown.length)}</bdi>;
}

function Diff({ version, before }: Pick<VersionItemProps, 'version' | 'before'>): ReactElement {
  const diff = useDiff(before, version, { enabled: true });
  if (diff.data === undefined) {
    if (!diff.isError) return <Waiting height="6rem" />;
    return <ErrorPanel title={messages.diffFailed} error={diff.error} onRetry={() => void diff.refetch()} />;
  }
  const { lines, added, removed } = diff.data;
  if (added + removed === 0) return <p className="entity-none">{messages.sameText}</p>;
  const hidden = lines.length - LINES_SHOWN;
  const when = version.at === null ? '' : absoluteTime(version.at, LOCALE);
  return (
    <div className="diff">
      <p className="diff-sum">
        <span aria-hidden="true">{messages.lines(added, removed)}</span>
        <span className="cb-hidden">{messages.linesSpoken(added, removed)}</span>
      </p>
      <pre
        className="cb-code diff-text"
        tabIndex={0}
        role="region"
        aria-label={messages.diffLabel(messages.changes[version.change], when)}
      >
        {lines.slice(0, LINES_SHOWN).map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </pre>
      {hidden > 0 && <p className="entity-none">{messages.tooLong(hidden)}</p>}
    </div>
  );
}

const SIGNS = { same: ' ', added: '+', removed: '−' } as const;
const SPOKEN = { same: '', added: messages.addedLine, removed: messages.removedLine } as const;

function Line({ line }: { readonly line: DiffLine }): ReactElement {
  if (line.kind === 'skipped') return <span className="diff-skipped">{messages.skipped(line.lines)}</span>;
  const { kind, text } = line;
  return (
    <span className="diff-line" data-kind={kind}>
      <span aria-hidden="true">{`${SIGNS[kind]} `}</span>
      {kind !== 'same' && <span className="cb-hidden">{SPOKEN[kind]}</span>}
      {text === '' ? ' ' : text}
    </span>
  );
}
