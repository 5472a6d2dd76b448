/** The entities that a person starred, and those they looked at last. */
import { useState, type ReactElement } from 'react';
import { parseRef } from '@callboard/model';
import type { EntityRow } from '../../api/entity.ts';
import { useServices } from '../../api/services.ts';
import { useStarred } from '../../api/starred.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { kindName, shortName } from '../../parts/ref-text.ts';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { messages } from './messages.ts';
import { useRows } from './queries.ts';
import { Section } from './section.tsx';

const STARRED_SHOWN = 12;
const RECENT_SHOWN = 8;

export function StarredCard(): ReactElement {
  const starred = useStarred();
  const refs = starred.refs.toReversed().slice(0, STARRED_SHOWN);
  return (
    <Section title={messages.starred}>
      {starred.refs.length === 0 ? (
        <p className="home-none">{messages.starredNone}</p>
      ) : (
        <KeptRows name="starred" refs={refs} />
      )}
    </Section>
  );
}

export function RecentCard(): ReactElement {
  const { visits } = useServices();
  // Read once: the list must not move while somebody reads it.
  const [recent] = useState(() => visits.list().slice(0, RECENT_SHOWN));
  const times = new Map(recent.map((visit) => [visit.ref, visit.at]));
  return (
    <Section title={messages.recent}>
      {recent.length === 0 ? (
        <p className="home-none">{messages.recentNone}</p>
      ) : (
        <KeptRows name="recent" refs={[...times.keys()]} times={times} />
      )}
    </Section>
  );
}

interface KeptRowsProps {
  readonly name: string;
  readonly refs: readonly string[];
  readonly times?: ReadonlyMap<string, Date>;
}

function KeptRows({ name, refs, times }: KeptRowsProps): ReactElement {
  const rows = useRows(name, refs);
  if (rows.data === undefined) {
    if (!rows.isError) return <Waiting height="4rem" />;
    return <ErrorPanel title={messages.listFailed} error={rows.error} onRetry={() => void rows.refetch()} />;
  }
  return (
    <ul className="kept-rows">
      {rows.data.map(([ref, row]) => (
        <KeptRow key={ref} reference={ref} row={row} at={times?.get(ref) ?? null} />
      ))}
    </ul>
  );
}

interface KeptRowProps {
  readonly reference: string;
  /** Null when it is no longer there. */
  readonly row: EntityRow | null;
  readonly at: Date | null;
}

function KeptRow({ reference, row, at }: KeptRowProps): ReactElement | null {
  const ref = row?.ref ?? parseRef(reference);
  if (ref === null) return null;
  return (
    <li className="kept-row">
      {row === null ? (
        <bdi>{shortName(ref)}</bdi>
      ) : (
        <EntityLink to={ref}>
          <bdi>{row.title ?? shortName(ref, ref.kind)}</bdi>
        </EntityLink>
      )}
      <span className="kept-kind">{row === null ? messages.starredGone : kindName(ref.kind)}</span>
      {at !== null && (
        <span className="kept-time">
          <Time at={at} />
        </span>
      )}
    </li>
  );
}
