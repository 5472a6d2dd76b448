/** A golden image: what it is, what is open in it, its last patch, who stands on it, and the button that patches it. */
import { useRef, type ReactElement, type ReactNode } from 'react';
import { Button } from '@backstage/ui';
import { Link } from 'react-router-dom';
import { SEVERITIES, type Golden, type Severity } from '../../api/images.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EntityLink } from '../../parts/entity-link.tsx';
import { hintFor } from '../../parts/error-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { Digest } from './digest.tsx';
import { messages, SEVERITY_WORDS } from './messages.ts';
import { useLastPatch, useOpenFindings, useStartPatch, type OpenFindings } from './queries.ts';
import { refusal } from './refusal.ts';
import { StateBadge } from './state-badge.tsx';
import { useSeen } from './use-seen.ts';

const USERS_SHOWN = 6;

export function GoldenCard({ golden }: { readonly golden: Golden }): ReactElement {
  const { name, title, owner, registry, repository, tag, images, problem, readAt } = golden;
  const card = useRef<HTMLLIElement>(null);
  const enabled = useSeen(card);
  const digests = images.flatMap(({ digest }) => digest ?? []);
  const last = useLastPatch(name, { enabled });
  const open = useOpenFindings(digests, { enabled });
  const reference = `${registry}/${repository}:${tag}`;
  return (
    <li className="golden" ref={card}>
      <div className="golden-head">
        <h2>
          <EntityLink to={{ kind: 'resource', namespace: 'default', name }}>
            <bdi>{title ?? name}</bdi>
          </EntityLink>
          {title !== null && title !== name && <bdi className="golden-name">{name}</bdi>}
        </h2>
        <PatchNow name={name} />
      </div>
      {problem !== null && (
        <p className="golden-problem">
          <bdi>{problem}</bdi>
        </p>
      )}
      <dl className="golden-facts">
        <Line title={messages.image}>
          <span className="golden-reference">
            <code dir="ltr">{reference}</code>
            <CopyButton text={reference} label={messages.copyImage(name)} />
          </span>
          {images.map(({ platform, digest }, index) => (
            <span key={`${platform} ${index}`} className="golden-platform">
              <span>{platform === '' ? messages.noPlatform : platform}</span>
              {digest === null ? (
                <span className="images-quiet">{messages.noDigest}</span>
              ) : (
                <Digest digest={digest} label={messages.copyDigest(platform)} />
              )}
            </span>
          ))}
          {readAt === null && <span className="images-quiet">{messages.unread}</span>}
        </Line>
        <Line title={messages.openFindings}>
          <Counts open={open} of={{ digests, repository }} />
        </Line>
        <Line title={messages.lastPatch}>
          {last.isError && <span className="images-bad">{messages.failedPatches}</span>}
          {last.data === null && <span className="images-quiet">{messages.lastPatchNone}</span>}
          {last.data !== undefined && last.data !== null && (
            <Link className="golden-last" to={`/images/patches/${encodeURIComponent(last.data.id)}`}>
              <StateBadge patch={last.data} />
              {last.data.updatedAt !== null && <Time at={last.data.updatedAt} />}
            </Link>
          )}
        </Line>
        <Line title={messages.owner}>
          {owner === null ? (
            <span className="images-quiet">{messages.noOwner}</span>
          ) : (
            <EntityLink to={owner} usualKind="group" />
          )}
        </Line>
        <Line title={messages.usedBy}>
          <Users golden={golden} />
        </Line>
      </dl>
    </li>
  );
}

function Line({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="golden-fact">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Users({ golden }: { readonly golden: Golden }): ReactElement {
  const { usedBy } = golden;
  if (usedBy.length === 0) return <span className="images-quiet">{messages.usedByNone}</span>;
  const more = usedBy.length - USERS_SHOWN;
  return (
    <span className="golden-users">
      {usedBy.slice(0, USERS_SHOWN).map((user) => (
        <EntityLink key={`${user.kind}:${user.namespace}/${user.name}`} to={user} usualKind="resource" />
      ))}
      {more > 0 && <span className="images-quiet">{messages.usedByMore(more)}</span>}
    </span>
  );
}

interface CountsProps {
  readonly open: OpenFindings;
  readonly of: FoundIn;
}

interface FoundIn {
  readonly digests: readonly string[];
  readonly repository: string;
}

function Counts({ open, of }: CountsProps): ReactElement | null {
  if (open.counts === null) {
    return open.isFailed ? <span className="images-bad">{messages.findingsUnread}</span> : null;
  }
  const { counts } = open;
  const found = SEVERITIES.filter((severity) => (counts.get(severity) ?? 0) > 0);
  if (found.length === 0) return <span className="images-quiet">{messages.findingsNone}</span>;
  return (
    <span className="golden-counts">
      {found.map((severity) => (
        <SeverityCount
          key={severity}
          severity={severity}
          total={counts.get(severity) ?? 0}
          to={findingsPath(severity, of)}
        />
      ))}
    </span>
  );
}

/** The list is of one image or of a whole repository: of several platforms it shows more than was counted. */
function findingsPath(severity: Severity, { digests, repository }: FoundIn): string {
  const [digest] = digests;
  const isOne = digests.length === 1 && digest !== undefined;
  const params = new URLSearchParams({ severity, ...(isOne ? { digest } : { repository }) });
  return `/images/findings?${params.toString()}`;
}

interface SeverityCountProps {
  readonly severity: Severity;
  readonly total: number;
  readonly to: string;
}

function SeverityCount({ severity, total, to }: SeverityCountProps): ReactElement {
  return (
    <Link className="severity" data-severity={severity} to={to}>
      {messages.severityCount(SEVERITY_WORDS[severity], total)}
    </Link>
  );
}

function PatchNow({ name }: { readonly name: string }): ReactElement {
  const start = useStartPatch();
  return (
    <span className="golden-act">
      <Button
        variant="secondary"
        aria-label={messages.patchNowOf(name)}
        isPending={start.isPending}
        onPress={() => start.mutate(name)}
      >
        {messages.patchNow}
      </Button>
      <span className="golden-said" role="status">
        {start.data !== undefined && messages.patchStarted(start.data.length)}
      </span>
      {start.isError && (
        <span className="golden-said images-bad" role="alert">
          {messages.patchFailed}: <bdi>{refusal(start.error) ?? hintFor(start.error)}</bdi>
        </span>
      )}
    </span>
  );
}
