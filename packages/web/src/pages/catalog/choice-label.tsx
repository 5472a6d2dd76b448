/** How the value of a choice is shown: an owner by its title or short name, everything else as it is. */
import type { ReactElement } from 'react';
import { parseRef } from '@callboard/model';
import { shortName } from '../../parts/ref-text.ts';
import { useLabel } from './labels.ts';
import type { ChoiceId } from './url-state.ts';

export interface ChoiceLabelProps {
  readonly id: ChoiceId;
  readonly value: string;
}

export function ChoiceLabel({ id, value }: ChoiceLabelProps): ReactElement {
  return <bdi>{useChoiceText(id, value)}</bdi>;
}

/** The text with the title, once that is known. */
export function useChoiceText(id: ChoiceId, value: string): string {
  const label = useLabel(id === 'owner' ? parseRef(value) : null);
  return label ?? choiceText(id, value);
}

/** The text without the title. */
export function choiceText(id: ChoiceId, value: string): string {
  const ref = id === 'owner' ? parseRef(value) : null;
  return ref === null ? value : shortName(ref, 'group');
}
