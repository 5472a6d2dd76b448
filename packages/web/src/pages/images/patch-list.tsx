/** The patches, the newest first. Which ones are shown is in the address: `show` and `golden`. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { Link, useSearchParams } from 'react-router-dom';
import type { Patch } from '../../api/images-patch.ts';
import { count } from '../../messages.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { Panel } from '../health/figures.tsx';
import { messages } from './messages.ts';
import { MOST_COUNTED, useNeedPerson, usePatches } from './queries.ts';
import { span, timeTaken } from './span.ts';
import { StateBadge } from './state-badge.tsx';
import { isAtWork, SHOWN, SHOWN_STATES, type Shown } from './state-words.ts';

export function PatchList({ goldens }: { readonly goldens: readonly string[] }): ReactElement {
  const [params, setParams] = useSearchParams();
  const shown = SHOWN.find((known) => known === params.get('show')) ?? 'all';
  const golden = params.get('golden') ?? '';
  const patches = usePatches({ states: SHOWN_STATES[shown], golden });
  const needPerson = useNeedPerson();
  const choose = (name: string, value: string): void => {
    const next = new URLSearchParams(params);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true, preventScrollReset: true });
  };
  const rows = patches.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel title={messages.patches}>
      <div className="health-choices">
        <div className="health-choice" role="group" aria-label={messages.show}>
          {SHOWN.map((known) => (
            <button
              key={known}
              type="button"
              aria-pressed={known === shown}
              onClick={() => choose('show', known === 'all' ? '' : known)}
            >
              {messages.shown[known]}
              {known === 'person' && needPerson > 0 && (
                <span className="choice-count">{atMost(needPerson)}</span>
              )}
            </button>
          ))}
        </div>
        <select
          className="cb-select images-select"
          aria-label={messages.goldenFilter}
          value={golden}
          onChange={(event) => choose('golden', event.target.value)}
        >
          <option value="">{messages.allGoldens}</option>
          {[...new Set([...goldens, ...(golden === '' ? [] : [golden])])].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {patches.isError && (
        <ErrorPanel
          title={messages.failedPatches}
          error={patches.error}
          onRetry={() => void patches.refetch()}
        />
      )}
      {patches.isPending && <Waiting height="8rem" />}
      {rows?.length === 0 && <NoPatches shown={shown} golden={golden} />}
      {rows !== undefined && rows.length > 0 && (
        <ul className="images-rows">
          {rows.map((patch) => (
            <PatchRow key={patch.id} patch={patch} />
          ))}
        </ul>
      )}
      {patches.hasNextPage && (
        <Button
          className="images-more"
          variant="secondary"
          isPending={patches.isFetchingNextPage}
          onPress={() => void patches.fetchNextPage()}
        >
          {messages.more}
        </Button>
      )}
    </Panel>
  );
}

function atMost(total: number): string {
  return total < MOST_COUNTED ? count(total) : `${count(MOST_COUNTED)}+`;
}

function NoPatches({ shown, golden }: { readonly shown: Shown; readonly golden: string }): ReactElement {
  if (shown === 'all' && golden === '') {
    return (
      <div className="images-empty" role="status">
        <p>{messages.patchesNone}.</p>
        <p className="health-note">{messages.patchesNoneWhy}</p>
      </div>
    );
  }
  return (
    <p className="images-empty" role="status">
      {messages.patchesNoMatch}{' '}
      <Link className="cb-link" to="/images">
        {messages.showAll}
      </Link>
    </p>
  );
}

function PatchRow({ patch }: { readonly patch: Patch }): ReactElement {
  const { id, golden, platform, fixable, findings, reason, createdAt } = patch;
  const taken = timeTaken(patch, Date.now());
  return (
    <li className="patch-row">
      <StateBadge patch={patch} />
      <span className="patch-what">
        <Link className="cb-link" to={`/images/patches/${encodeURIComponent(id)}`}>
          <bdi>{golden}</bdi> <span className="patch-platform">{platform}</span>
        </Link>
        {reason !== null && <bdi className="patch-reason">{reason}</bdi>}
      </span>
      <span className="patch-number">
        {fixable === null ? messages.acting(findings) : messages.fixed(fixable.before, fixable.after)}
      </span>
      <span className="patch-number images-quiet">{taken !== null && tookText(patch, taken)}</span>
      <span className="patch-when images-quiet">{createdAt !== null && <Time at={createdAt} />}</span>
    </li>
  );
}

function tookText(patch: Patch, taken: number): string {
  return isAtWork(patch) ? messages.since(span(taken)) : messages.took(span(taken));
}
