/** Whether sub-groups, or the groups of a user, count as well: a switch whose state is in the address. */
import type { ReactElement } from 'react';
import { Switch } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import { withParam } from '../use-filter-text.ts';
import type { Reach } from './queries.ts';

/** `?reach=wide` in the address. */
export function useReach(): readonly [Reach, (reach: Reach) => void] {
  const [params, setParams] = useSearchParams();
  const setReach = (reach: Reach): void => {
    const value = reach === 'wide' ? reach : '';
    setParams((before) => withParam(before, { name: 'reach', value }), {
      replace: true,
      preventScrollReset: true,
    });
  };
  return [params.get('reach') === 'wide' ? 'wide' : 'direct', setReach];
}

export interface ReachSwitchProps {
  readonly label: string;
  readonly reach: Reach;
  readonly onChange: (reach: Reach) => void;
}

export function ReachSwitch({ label, reach, onChange }: ReachSwitchProps): ReactElement {
  return (
    <Switch
      label={label}
      isSelected={reach === 'wide'}
      onChange={(isWide) => onChange(isWide ? 'wide' : 'direct')}
    />
  );
}
