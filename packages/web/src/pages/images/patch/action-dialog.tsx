/** Asks before something is done with a patch, and why it is done. */
import { useState, type FormEvent, type ReactElement } from 'react';
import { Alert, Button, Dialog, DialogBody, DialogFooter, DialogHeader, TextField } from '@backstage/ui';
import type { PatchAction } from '../../../api/images.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { shortDigest } from '../messages.ts';
import { refusal } from '../refusal.ts';
import { isDestructive } from './allowed.ts';
import { messages } from './messages.ts';
import { useActOnPatch } from './queries.ts';

const LONGEST_REASON = 500;

export interface ActionDialogProps {
  readonly patchId: string;
  readonly action: PatchAction;
  /** Of the plan that is shown. */
  readonly planHash: string | null;
  readonly onClose: () => void;
}

export function ActionDialog({ patchId, action, planHash, onClose }: ActionDialogProps): ReactElement {
  const act = useActOnPatch(patchId);
  const [reason, setReason] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const { title, why } = messages.act[action];
  const run = (event?: FormEvent): void => {
    event?.preventDefault();
    setIsMissing(reason.trim() === '');
    if (reason.trim() === '' || act.isPending) return;
    act.mutate({ action, reason: reason.trim(), planHash }, { onSuccess: onClose });
  };
  const refused = refusal(act.error);
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} width={480}>
      <DialogHeader>{title}</DialogHeader>
      <DialogBody>
        <form className="patch-ask" onSubmit={run}>
          <p>{why}</p>
          {action === 'approve' && planHash !== null && (
            <p className="images-quiet">{messages.approvesPlan(shortDigest(planHash))}</p>
          )}
          <TextField
            size="small"
            label={messages.reason}
            description={messages.reasonHint}
            maxLength={LONGEST_REASON}
            autoComplete="off"
            autoFocus
            isInvalid={isMissing}
            value={reason}
            onChange={(next) => {
              setReason(next);
              setIsMissing(false);
            }}
          />
          <p className="images-bad" role="alert">
            {isMissing ? messages.reasonMissing : ''}
          </p>
          {act.isError && refused !== null && (
            <Alert role="alert" status="danger" icon title={messages.actFailed} description={refused} />
          )}
          {act.isError && refused === null && (
            <ErrorPanel title={messages.actFailed} error={act.error} onRetry={() => run()} />
          )}
        </form>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {messages.keep}
        </Button>
        <Button
          variant="primary"
          destructive={isDestructive(action)}
          isPending={act.isPending}
          onPress={() => run()}
        >
          {messages.confirm[action]}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
