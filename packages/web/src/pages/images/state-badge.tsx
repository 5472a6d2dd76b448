/** The state of a patch in a word; its title says what the word means. */
import type { ReactElement } from 'react';
import type { Patch } from '../../api/images-patch.ts';
import { stateWords } from './state-words.ts';

export function StateBadge({ patch }: { readonly patch: Patch }): ReactElement {
  const { title, meaning, tone } = stateWords(patch);
  return (
    <span className="patch-state" data-tone={tone} title={meaning}>
      {title}
    </span>
  );
}
