/** What a location leads to. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { Entity } from '@callboard/model';
import { listIn, objectIn, textIn } from '../../../api/entity.ts';
import { Fact } from '../fact.tsx';
import { LocationText } from '../location-text.tsx';
import { messages } from '../messages.ts';
import { EntityCard } from './card.tsx';

const SHOWN_FIRST = 20;
const SHOWN_MORE = 200;

export function TargetsCard({ entity }: { readonly entity: Entity }): ReactElement {
  const spec = objectIn(entity, 'spec');
  const targets = [spec['target'], ...listIn(spec, 'targets')].filter((target) => typeof target === 'string');
  const [limit, setLimit] = useState(SHOWN_FIRST);
  const presence = textIn(spec, 'presence');
  return (
    <EntityCard title={messages.targets}>
      {targets.length === 0 && <p className="entity-none">{messages.noTargets}</p>}
      <ul className="plain">
        {targets.slice(0, limit).map((target, index) => (
          <li key={`${index} ${target}`}>
            <LocationText location={target} />
          </li>
        ))}
      </ul>
      {targets.length > limit && (
        <Button className="targets-more" variant="tertiary" onPress={() => setLimit(limit + SHOWN_MORE)}>
          {messages.andMore(targets.length - limit)}
        </Button>
      )}
      {presence !== null && (
        <dl className="facts">
          <Fact title={messages.presence}>{presence}</Fact>
        </dl>
      )}
    </EntityCard>
  );
}
