/** Which golden tag was moved, from which digest to which. */
import type { ReactElement } from 'react';
import type { Patch } from '../../../api/images-patch.ts';
import { Panel } from '../../health/figures.tsx';
import { Digest } from '../digest.tsx';
import { Line } from './line.tsx';
import { messages } from './messages.ts';

export function Promotions({ patch }: { readonly patch: Patch }): ReactElement | null {
  if (patch.promotions.length === 0) return null;
  return (
    <Panel title={messages.promotions}>
      {patch.promotions.map(({ repository, tag, patchTag, beforeTag, previous, current }) => (
        <dl key={patchTag} className="patch-facts">
          <Line title={messages.tag}>
            <code>
              {repository}:{tag}
            </code>
          </Line>
          <Line title={messages.previous}>
            <Digest digest={previous} label={messages.copyPrevious} />
          </Line>
          <Line title={messages.current}>
            <Digest digest={current} label={messages.copyCurrent} />
          </Line>
          <Line title={messages.patchTag}>
            <code>{patchTag}</code>
          </Line>
          <Line title={messages.beforeTag}>
            <code>{beforeTag}</code>
          </Line>
        </dl>
      ))}
    </Panel>
  );
}
