/** The times of a patch, from when its vulnerabilities were published to when nobody runs the old image any more. */
import type { ReactElement } from 'react';
import type { Patch } from '../../../api/images-patch.ts';
import { Time } from '../../../parts/time.tsx';
import { Panel } from '../../health/figures.tsx';
import { span } from '../span.ts';
import { toMoments, type Moment } from './moments.ts';
import { messages } from './messages.ts';

export function Timeline({ patch }: { readonly patch: Patch }): ReactElement {
  return (
    <Panel title={messages.timeline}>
      <ol className="moments">
        {toMoments(patch).map((moment) => (
          <MomentItem key={moment.name} moment={moment} />
        ))}
      </ol>
    </Panel>
  );
}

function MomentItem({ moment }: { readonly moment: Moment }): ReactElement {
  const { name, at, after, missing } = moment;
  return (
    <li className="moment" data-state={at === null ? 'none' : 'done'}>
      <span className="moment-name">{messages.moments[name]}</span>
      <span className="moment-at">
        {at !== null && <Time at={at} />}
        {missing !== null && messages[missing]}
      </span>
      {after !== null && <span className="moment-after">{messages.after(span(after))}</span>}
    </li>
  );
}
