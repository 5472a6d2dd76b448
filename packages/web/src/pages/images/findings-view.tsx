/** What scanners found, worst or not; which of it is shown is in the address. */
import { Fragment, type ReactElement } from 'react';
import { Button, SearchField } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import {
  FINDING_STATUSES,
  isNotConfigured,
  SEVERITIES,
  type FindingItem,
  type FindingQuery,
  type FindingStatus,
} from '../../api/images.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { useTypedText } from '../catalog/use-typed-text.ts';
import { FigureTable, type FigureColumn } from '../health/figures.tsx';
import { Digest } from './digest.tsx';
import { fromFindingQuery, isNarrowed, toFindingQuery, toggled } from './findings-state.ts';
import { messages, percent, SEVERITY_WORDS, shortDigest } from './messages.ts';
import { Example, NotConfigured } from './not-configured.tsx';
import { useFindings } from './queries.ts';
import { Versions } from './versions.tsx';

const PACKAGES_SHOWN = 3;

export function FindingsView(): ReactElement {
  const [params, setParams] = useSearchParams();
  const query = toFindingQuery(params);
  const findings = useFindings(query);
  const choose = (change: Partial<FindingQuery>): void => {
    setParams(fromFindingQuery({ ...query, ...change }), { replace: true, preventScrollReset: true });
  };
  if (isNotConfigured(findings.error)) return <NotConfigured />;
  const rows = findings.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <Choices query={query} onChoose={choose} />
      {findings.isError && (
        <ErrorPanel
          title={messages.failedFindings}
          error={findings.error}
          onRetry={() => void findings.refetch()}
        />
      )}
      {findings.isPending && <Waiting height="14rem" />}
      {rows?.length === 0 && (
        <NoFindings
          query={query}
          onClear={() =>
            choose({ severities: [], status: null, repository: '', vulnerability: '', digest: '' })
          }
        />
      )}
      {rows !== undefined && rows.length > 0 && (
        <>
          <p className="health-note" role="status">
            {messages.findingsShown(rows.length, findings.hasNextPage ? messages.andMore : '')}
          </p>
          <FigureTable label={messages.findings} columns={COLUMNS} rows={rows} keyOf={({ id }) => id} />
        </>
      )}
      {findings.hasNextPage && (
        <Button
          className="images-more"
          variant="secondary"
          isPending={findings.isFetchingNextPage}
          onPress={() => void findings.fetchNextPage()}
        >
          {messages.more}
        </Button>
      )}
    </>
  );
}

interface ChoicesProps {
  readonly query: FindingQuery;
  readonly onChoose: (change: Partial<FindingQuery>) => void;
}

function Choices({ query, onChoose }: ChoicesProps): ReactElement {
  const { severities, status, repository, vulnerability, digest } = query;
  const repositoryText = useTypedText(repository, (text) => onChoose({ repository: text }));
  const vulnerabilityText = useTypedText(vulnerability, (text) => onChoose({ vulnerability: text }));
  return (
    <div className="findings-choices">
      <div className="health-choice" role="group" aria-label={messages.severity}>
        <button
          type="button"
          aria-pressed={severities.length === 0}
          onClick={() => onChoose({ severities: [] })}
        >
          {messages.allSeverities}
        </button>
        {SEVERITIES.map((severity) => (
          <button
            key={severity}
            type="button"
            aria-pressed={severities.includes(severity)}
            onClick={() => onChoose({ severities: toggled(severities, severity) })}
          >
            {SEVERITY_WORDS[severity]}
          </button>
        ))}
      </div>
      <div className="findings-fields">
        <select
          className="cb-select"
          aria-label={messages.status}
          value={status ?? ''}
          onChange={(event) => onChoose({ status: toStatus(event.target.value) })}
        >
          {FINDING_STATUSES.map((known) => (
            <option key={known} value={known}>
              {messages.statuses[known]}
            </option>
          ))}
          <option value="">{messages.allStatuses}</option>
        </select>
        <SearchField
          className="findings-field"
          size="small"
          aria-label={messages.repository}
          placeholder={messages.repositoryExample}
          value={repositoryText.text}
          onChange={repositoryText.setText}
        />
        <SearchField
          className="findings-field"
          size="small"
          aria-label={messages.vulnerabilityFilter}
          placeholder={messages.vulnerabilityExample}
          value={vulnerabilityText.text}
          onChange={vulnerabilityText.setText}
        />
      </div>
      {digest !== '' && (
        <p className="findings-digest">
          <bdi>{messages.onlyDigest(shortDigest(digest))}</bdi>
          <Button variant="tertiary" onPress={() => onChoose({ digest: '' })}>
            {messages.anyDigest}
          </Button>
        </p>
      )}
    </div>
  );
}

function toStatus(text: string): FindingStatus | null {
  return FINDING_STATUSES.find((known) => known === text) ?? null;
}

interface NoFindingsProps {
  readonly query: FindingQuery;
  readonly onClear: () => void;
}

function NoFindings({ query, onClear }: NoFindingsProps): ReactElement {
  const { status } = query;
  if (isNarrowed(query) || (status !== null && status !== 'active')) {
    return (
      <div className="images-empty" role="status">
        <p>{messages.findingsNoMatch}</p>
        <Button variant="secondary" onPress={onClear}>
          {messages.clearFilters}
        </Button>
      </div>
    );
  }
  return (
    <section className="cb-notice images-none">
      <h2>{status === null ? messages.findingsNoneYet : messages.findingsNoneOpen}</h2>
      <p>{messages.findingsNoneWhy}</p>
      <Example text={messages.findingsNoneCommand} />
      {status !== null && (
        <Button className="cb-notice-action" variant="secondary" onPress={onClear}>
          {messages.findingsAny}
        </Button>
      )}
    </section>
  );
}

const COLUMNS: readonly FigureColumn<FindingItem>[] = [
  {
    title: messages.severity,
    cell: ({ severity }) => (
      <span className="severity" data-severity={severity}>
        {SEVERITY_WORDS[severity]}
      </span>
    ),
  },
  { title: messages.vulnerability, cell: (finding) => <Vulnerability finding={finding} /> },
  {
    title: `${messages.packages}: ${messages.installedFixed}`,
    cell: (finding) => <Packages finding={finding} />,
  },
  { title: messages.ofImage, cell: (finding) => <FoundImage finding={finding} /> },
  {
    title: messages.status,
    cell: ({ status }) => (
      <span className="figure-short" title={messages.statusMeaning[status]}>
        {messages.statuses[status]}
      </span>
    ),
  },
  {
    title: messages.firstSeen,
    cell: ({ firstSeenAt, scanner }) => (
      <span className="finding-seen">
        {firstSeenAt !== null && <Time at={firstSeenAt} />}
        <span className="images-quiet">{messages.by(scanner)}</span>
      </span>
    ),
  },
];

function Vulnerability({ finding }: { readonly finding: FindingItem }): ReactElement {
  const { vulnerability, aliases, title, epss, isKnownExploited } = finding;
  return (
    <span className="finding-what">
      <span className="finding-name">
        <bdi title={aliases.join(', ')}>{vulnerability}</bdi>
        {isKnownExploited && (
          <span className="severity" data-severity="critical" title={messages.exploitedWhy}>
            {messages.exploited}
          </span>
        )}
        {epss !== null && (
          <span className="images-quiet" title={messages.epssWhy}>
            {messages.epss(percent(epss))}
          </span>
        )}
      </span>
      {title !== '' && <bdi className="finding-title">{title}</bdi>}
    </span>
  );
}

function Packages({ finding }: { readonly finding: FindingItem }): ReactElement {
  const { packages } = finding;
  const more = packages.length - PACKAGES_SHOWN;
  return (
    <ul className="finding-packages">
      {packages.slice(0, PACKAGES_SHOWN).map(({ name, version, fixedVersion }, index) => (
        <li key={`${name} ${version} ${index}`}>
          <bdi>{name}</bdi> <Versions from={version} to={fixedVersion ?? messages.noFix} />
        </li>
      ))}
      {more > 0 && <li className="images-quiet">{messages.packagesMore(more)}</li>}
    </ul>
  );
}

function FoundImage({ finding }: { readonly finding: FindingItem }): ReactElement {
  const { image, digest } = finding;
  return (
    <span className="finding-image">
      {image !== null && (
        <bdi>
          {image.split('/').map((part, index) => (
            <Fragment key={`${part} ${index}`}>
              {index > 0 && '/'}
              <wbr />
              {part}
            </Fragment>
          ))}
        </bdi>
      )}
      {digest !== null && (
        <Digest digest={digest} label={messages.copyDigestOf(image ?? finding.vulnerability)} />
      )}
    </span>
  );
}
