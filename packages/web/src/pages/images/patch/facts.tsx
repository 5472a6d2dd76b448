/** What a patch is about: the images before and after, how many findings, who approved it. */
import type { ReactElement } from 'react';
import { parseRef } from '@callboard/model';
import type { Approval, ImageAt, Patch } from '../../../api/images-patch.ts';
import { count } from '../../../messages.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { Time } from '../../../parts/time.tsx';
import { Panel } from '../../health/figures.tsx';
import { Digest } from '../digest.tsx';
import { Line } from './line.tsx';
import { messages } from './messages.ts';

export function Facts({ patch }: { readonly patch: Patch }): ReactElement {
  const { id, base, built, findings, approval, job, updatedAt } = patch;
  return (
    <Panel title={messages.facts}>
      <dl className="patch-facts">
        {base !== null && (
          <Line title={messages.base}>
            <Image image={base} label={messages.copyBase} />
          </Line>
        )}
        {built !== null && (
          <Line title={messages.built}>
            <Image image={built} label={messages.copyBuilt} />
          </Line>
        )}
        <Line title={messages.findings}>{count(findings)}</Line>
        {approval !== null && (
          <Line title={messages.approvedBy}>
            <Approved approval={approval} />
          </Line>
        )}
        {updatedAt !== null && (
          <Line title={messages.updated}>
            <Time at={updatedAt} />
          </Line>
        )}
        <Line title={messages.id}>
          <span className="images-digest">
            <code>{id}</code>
            <CopyButton text={id} label={messages.copyId} />
          </span>
        </Line>
        {job !== null && (
          <Line title={messages.job}>
            <code>{job}</code>
          </Line>
        )}
      </dl>
    </Panel>
  );
}

function Image({ image, label }: { readonly image: ImageAt; readonly label: string }): ReactElement {
  return (
    <>
      <bdi className="patch-image">
        {image.registry}/{image.repository}
      </bdi>
      <Digest digest={image.digest} label={label} />
    </>
  );
}

function Approved({ approval }: { readonly approval: Approval }): ReactElement {
  const { by, at, reason } = approval;
  const ref = parseRef(by);
  return (
    <>
      <span>
        {ref === null ? <bdi>{by}</bdi> : <EntityLink to={ref} usualKind="user" />}{' '}
        {at !== null && <Time at={at} />}
      </span>
      <bdi className="images-quiet">{reason}</bdi>
    </>
  );
}
