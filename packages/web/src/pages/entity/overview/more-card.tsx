/** Everything an entity says that has no other place on the page: further fields, and its annotations. */
import type { ReactElement } from 'react';
import type { Entity } from '@callboard/model';
import { Fact } from '../fact.tsx';
import { messages } from '../messages.ts';
import { EntityCard } from './card.tsx';
import { FactValue } from './fact-value.tsx';
import { annotationFacts, moreFacts, type MoreFact } from './more-facts.ts';
import { relationTitle } from './relation-groups.ts';

/** More fields than these are for the YAML. */
const MOST = 100;

/** Nothing for an entity whose every field has its place. */
export function MoreCard({ entity }: { readonly entity: Entity }): ReactElement | null {
  const facts = moreFacts(entity);
  const annotations = annotationFacts(entity);
  if (facts.length === 0 && annotations.length === 0) return null;
  return (
    <EntityCard title={messages.more}>
      <Facts facts={facts} titleOf={({ key }) => relationTitle(key)} />
      {annotations.length > 0 && (
        <details className="entity-annotations">
          <summary>{messages.annotations(annotations.length)}</summary>
          <Facts facts={annotations} titleOf={({ key }) => key} />
        </details>
      )}
    </EntityCard>
  );
}

interface FactsProps {
  readonly facts: readonly MoreFact[];
  readonly titleOf: (fact: MoreFact) => string;
}

function Facts({ facts, titleOf }: FactsProps): ReactElement | null {
  if (facts.length === 0) return null;
  return (
    <>
      <dl className="facts facts-narrow">
        {facts.slice(0, MOST).map((fact) => (
          <Fact key={fact.path} title={titleOf(fact)}>
            <FactValue value={fact.value} />
          </Fact>
        ))}
      </dl>
      {facts.length > MOST && <p className="entity-none">{messages.wholeInYaml}</p>}
    </>
  );
}
