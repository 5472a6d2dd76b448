/** From which template an entity came: the version, whether there is a newer one, the task, and the values. */
import type { ReactElement } from 'react';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { readCreatedFrom, type CreatedFrom } from '../../../api/scaffolder-tasks.ts';
import { useServices } from '../../../api/services.ts';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { Time } from '../../../parts/time.tsx';
import { Fact } from '../fact.tsx';
import { messages } from '../messages.ts';
import { EntityCard } from './card.tsx';
import { FactValue } from './fact-value.tsx';

const FRESH_MS = 300_000;

export interface MadeCardProps {
  readonly entityRef: EntityRef;
}

/** Nothing for an entity that no template made; what fails here is missed by nobody. */
export function MadeCard({ entityRef }: MadeCardProps): ReactElement | null {
  const { client } = useServices();
  const ref = stringifyRef(entityRef);
  const made = useQuery({
    queryKey: ['scaffolder', 'created', ref],
    staleTime: FRESH_MS,
    retry: false,
    queryFn: ({ signal }) => readCreatedFrom(client, ref, signal),
  });
  const [newest] = made.data ?? [];
  return newest === undefined ? null : <Made made={newest} />;
}

function Made({ made }: { readonly made: CreatedFrom }): ReactElement {
  const { template, templateVersion, currentVersion, taskId, createdAt, createdBy, values } = made;
  const isOld = currentVersion !== null && templateVersion !== null && currentVersion !== templateVersion;
  const entries = Object.entries(values);
  return (
    <EntityCard title={messages.madeBy}>
      <dl className="facts facts-narrow">
        {template !== null && (
          <Fact title={messages.template}>
            <EntityLink to={template} usualKind="template" />
          </Fact>
        )}
        {templateVersion !== null && (
          <Fact title={messages.templateVersion}>
            <code>{templateVersion}</code>
            {isOld && (
              <>
                <p className="made-newer">{messages.templateNewer(currentVersion)}</p>
                <p className="entity-none">{messages.templateUpgrade}</p>
              </>
            )}
            {currentVersion === null && <p className="entity-none">{messages.templateGone}</p>}
          </Fact>
        )}
        {createdBy !== null && (
          <Fact title={messages.madeFor}>
            <EntityLink to={createdBy} usualKind="user" />
          </Fact>
        )}
        {taskId !== '' && (
          <Fact title={messages.madeTask}>
            <Link className="cb-link" to={`/create/tasks/${encodeURIComponent(taskId)}`}>
              {createdAt === null ? messages.madeTaskShow : <Time at={createdAt} />}
            </Link>
          </Fact>
        )}
      </dl>
      {entries.length > 0 && (
        <details className="entity-annotations">
          <summary>{messages.madeValues(entries.length)}</summary>
          <dl className="facts facts-narrow">
            {entries.map(([name, value]) => (
              <Fact key={name} title={name}>
                <FactValue value={value} />
              </Fact>
            ))}
          </dl>
        </details>
      )}
    </EntityCard>
  );
}
