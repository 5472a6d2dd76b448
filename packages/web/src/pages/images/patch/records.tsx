/** The texts that are kept of a patch, to be downloaded, and the statements that are attached to its image. */
import type { ReactElement } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { useMutation } from '@tanstack/react-query';
import { RECORD_KINDS, type Patch, type RecordKind } from '../../../api/images-patch.ts';
import { hintFor } from '../../../parts/error-panel.tsx';
import { DownloadIcon } from '../../../parts/icons.tsx';
import { useRawClient } from '../../../shell/use-raw-client.ts';
import { downloadText } from '../../entity/download.ts';
import { Panel } from '../../health/figures.tsx';
import { Digest } from '../digest.tsx';
import { refusal } from '../refusal.ts';
import { messages } from './messages.ts';
import { readRecord } from './queries.ts';

export function Records({ patch }: { readonly patch: Patch }): ReactElement | null {
  const { records, attestations } = patch;
  const kinds = RECORD_KINDS.flatMap((kind) => {
    const hash = records[kind];
    return hash === undefined ? [] : [{ kind, hash }];
  });
  return (
    <>
      {attestations.length > 0 && (
        <Panel title={messages.attestations}>
          <p className="health-note">{messages.attestationsWhy}</p>
          <ul className="images-rows">
            {attestations.map((digest, index) => (
              <li key={digest} className="record">
                <Digest digest={digest} label={messages.attestation(index + 1)} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {kinds.length > 0 && (
        <Panel title={messages.records}>
          <p className="health-note">{messages.recordsWhy}</p>
          <ul className="images-rows">
            {kinds.map(({ kind, hash }) => (
              <RecordItem key={kind} kind={kind} hash={hash} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

interface RecordItemProps {
  readonly kind: RecordKind;
  readonly hash: string;
}

/** A link would not carry the token of the session. */
function RecordItem({ kind, hash }: RecordItemProps): ReactElement {
  const raw = useRawClient();
  const download = useMutation({
    mutationFn: () => readRecord(raw, hash, new AbortController().signal),
    // It may be large, and is in the file.
    gcTime: 0,
    onSuccess: (text) => downloadText({ ...fileOf(kind, hash), text }),
  });
  const name = messages.recordKinds[kind];
  return (
    <li className="record">
      <span className="record-name">{name}</span>
      <Digest digest={hash} label={messages.copyHash(name)} />
      <ButtonIcon
        className="cb-copy"
        variant="tertiary"
        aria-label={messages.downloadOf(name)}
        icon={<DownloadIcon />}
        isPending={download.isPending}
        onPress={() => download.mutate()}
      />
      {download.isError && (
        <span className="images-bad" role="alert">
          {messages.downloadFailed}: <bdi>{refusal(download.error) ?? hintFor(download.error)}</bdi>
        </span>
      )}
    </li>
  );
}

const TEXTS: ReadonlySet<RecordKind> = new Set(['script', 'prompt', 'answer'] as const);

function fileOf(kind: RecordKind, hash: string): { readonly name: string; readonly type: string } {
  const name = `${kind}-${hash.slice(0, 12)}`;
  if (TEXTS.has(kind)) return { name: `${name}.txt`, type: 'text/plain' };
  return { name: `${name}.json`, type: 'application/json' };
}
