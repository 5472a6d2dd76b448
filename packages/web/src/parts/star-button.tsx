/** Stars an entity, or takes the star away. */
import type { ReactElement } from 'react';
import { ToggleButton } from '@backstage/ui';
import type { EntityRef } from '@callboard/model';
import { useStarred } from '../api/starred.ts';
import { messages } from '../messages.ts';
import { StarIcon } from './icons.tsx';

export interface StarButtonProps {
  readonly entityRef: EntityRef;
  /** For screen readers: which entity. */
  readonly name: string;
}

export function StarButton({ entityRef, name }: StarButtonProps): ReactElement {
  const starred = useStarred();
  return (
    <ToggleButton
      className="cb-star"
      isSelected={starred.has(entityRef)}
      isDisabled={!starred.isKnown}
      onChange={() => starred.toggle(entityRef)}
      aria-label={messages.star(name)}
      iconStart={<StarIcon />}
    />
  );
}
