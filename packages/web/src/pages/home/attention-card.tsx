/** What is failing, stale, in conflict or without an owner: of the person, or of everybody. */
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { Link } from 'react-router-dom';
import { useOwnership } from '../../api/ownership.ts';
import { PROBLEM_STATES, type Problems } from '../../api/problems.ts';
import { useSession } from '../../api/services.ts';
import { count } from '../../messages.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { ProblemRows } from '../../parts/problem-rows.tsx';
import { PROBLEM_WORDS } from '../../parts/problem-words.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { messages } from './messages.ts';
import { useOwned, useProblems } from './queries.ts';
import { Section } from './section.tsx';

const AwaitingLine = lazy(async () => ({ default: (await import('./awaiting-line.tsx')).AwaitingLine }));

type Scope = 'mine' | 'everybody';

export function AttentionCard(): ReactElement {
  const owners = useOwnership();
  const owned = useOwned(owners);
  const [chosen, setChosen] = useState<Scope | null>(null);
  // Somebody who owns nothing wants to know how the catalog is.
  const scope = chosen ?? (owned.data?.length === 0 ? 'everybody' : 'mine');
  const isSignedIn = useSession().kind === 'signed-in';
  const mine = useProblems(owners);
  const all = useProblems(null);
  const shown = scope === 'mine' ? mine : all;
  const isUndecided = chosen === null && owned.isPending && isSignedIn;
  return (
    <Section title={messages.attention} beside={<ScopeChoice scope={scope} onChoose={setChosen} />}>
      <Suspense fallback={null}>
        <AwaitingLine />
      </Suspense>
      {shown.isError && (
        <ErrorPanel
          title={messages.attentionFailed}
          error={shown.error}
          onRetry={() => void shown.refetch()}
        />
      )}
      {shown.data === undefined || isUndecided ? (
        !shown.isError && <Waiting height="4rem" />
      ) : (
        <Content problems={shown.data} scope={scope} unowned={all.data?.counts.unowned ?? 0} />
      )}
    </Section>
  );
}

interface ContentProps {
  readonly problems: Problems;
  readonly scope: Scope;
  /** Nobody's, so they are shown to everybody. */
  readonly unowned: number;
}

function Content({ problems, scope, unowned }: ContentProps): ReactElement {
  const { counts, items, total } = problems;
  const more = total > items.length;
  return (
    <>
      {total > 0 && (
        <ul className="home-states">
          {PROBLEM_STATES.filter((state) => counts[state] > 0).map((state) => (
            <li key={state} title={PROBLEM_WORDS[state].meaning}>
              <Link className="home-state" to={`/health/problems?state=${state}`}>
                <strong>{count(counts[state])}</strong> {PROBLEM_WORDS[state].title}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {total === 0 && (
        <p className="home-none">{scope === 'mine' ? messages.attentionNoneMine : messages.attentionNone}</p>
      )}
      <ProblemRows problems={items} />
      <p className="home-more">
        {more && (
          <Link className="cb-link" to="/health/problems">
            {messages.attentionAll(total)}
          </Link>
        )}
        {scope === 'mine' && unowned > 0 && (
          <Link className="cb-link" to="/health/problems?state=unowned">
            {messages.unowned(unowned)}
          </Link>
        )}
      </p>
    </>
  );
}

function ScopeChoice(props: {
  readonly scope: Scope;
  readonly onChoose: (scope: Scope) => void;
}): ReactElement {
  return (
    <ToggleButtonGroup
      className="home-scope"
      aria-label={messages.attentionScope}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.scope]}
      onSelectionChange={(keys) => props.onChoose(keys.has('mine') ? 'mine' : 'everybody')}
    >
      <ToggleButton id="mine">{messages.mine}</ToggleButton>
      <ToggleButton id="everybody">{messages.everybody}</ToggleButton>
    </ToggleButtonGroup>
  );
}
