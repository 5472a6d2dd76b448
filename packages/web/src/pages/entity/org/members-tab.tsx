/** Who belongs to a group: its own members, or those of its sub-groups as well. */
import { useDeferredValue, useState, type ReactElement } from 'react';
import { Button, SearchField, Skeleton } from '@backstage/ui';
import { plural } from '../../../messages.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import type { EntityTabProps } from '../entity-tab.ts';
import { messages as entityMessages } from '../messages.ts';
import { EntityCard } from '../overview/card.tsx';
import { useFilterText } from '../use-filter-text.ts';
import { messages } from './messages.ts';
import { PeopleTable } from './people-table.tsx';
import { targetsOf, useMembers, useOwners } from './queries.ts';
import { ReachSwitch, useReach } from './reach-switch.tsx';

const SHOWN_FIRST = 50;
const SHOWN_MORE = 200;
/** From so many members on there is a field to filter them. */
const MANY = 12;

export function MembersTab({ entity, entityRef }: EntityTabProps): ReactElement {
  const [reach, setReach] = useReach();
  const [text, setText] = useFilterText();
  const filter = useDeferredValue(text);
  const [limit, setLimit] = useState(SHOWN_FIRST);
  const groups = useOwners(entity, { ref: entityRef, reach });
  const members = useMembers({ groups: groups.data, text: filter, limit });
  const failed = groups.error ?? members.error;
  const retry = (): void => {
    void groups.refetch();
    void members.refetch();
  };
  const { people = [], total = 0 } = members.data ?? {};
  // Members that the group names, and that nobody described.
  const unknown = reach === 'direct' && text === '' ? targetsOf(entity, 'hasMember').length - total : 0;
  return (
    <div className="entity-stack">
      <div className="entity-bar">
        <ReachSwitch label={messages.withSubGroups} reach={reach} onChange={setReach} />
        {(total >= MANY || text !== '') && (
          <SearchField
            className="entity-filter"
            aria-label={messages.filterMembers}
            placeholder={messages.filterMembers}
            value={text}
            onChange={setText}
          />
        )}
      </div>
      {failed !== null && <ErrorPanel title={messages.membersFailed} error={failed} onRetry={retry} />}
      {members.data === undefined && failed === null && <Skeleton width="100%" height="10rem" />}
      {members.data !== undefined && (
        <EntityCard
          title={entityMessages.members}
          beside={<span className="entity-count">{plural(total, 'person', 'people')}</span>}
        >
          {unknown > 0 && <p className="relations-note">{messages.unknownMembers(unknown)}</p>}
          {total === 0 && (
            <p className="entity-none">{text === '' ? messages.noMembers : entityMessages.noneFits}</p>
          )}
          {total > 0 && <PeopleTable label={entityMessages.members} people={people} />}
          {total > people.length && (
            <Button
              className="targets-more"
              variant="tertiary"
              isPending={members.isFetching}
              onPress={() => setLimit(limit + SHOWN_MORE)}
            >
              {entityMessages.showMore(total - people.length, entityMessages.members)}
            </Button>
          )}
        </EntityCard>
      )}
    </div>
  );
}
