/** Asks before a token is revoked. */
import type { ReactElement } from 'react';
import { Button, Dialog, DialogBody, DialogFooter, DialogHeader } from '@backstage/ui';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { messages } from './messages.ts';
import { useRevokeToken } from './queries.ts';
import type { Token } from './tokens-api.ts';

export interface RevokeDialogProps {
  readonly token: Token;
  readonly onClose: () => void;
}

export function RevokeDialog({ token, onClose }: RevokeDialogProps): ReactElement {
  const revoke = useRevokeToken();
  const run = (): void => {
    if (!revoke.isPending) revoke.mutate(token.id, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} width={440}>
      <DialogHeader>{messages.revokeTitle}</DialogHeader>
      <DialogBody>
        <p className="settings-ask">{messages.revokeWhy(token.name)}</p>
        {revoke.isError && <ErrorPanel title={messages.revokeFailed} error={revoke.error} onRetry={run} />}
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose} autoFocus>
          {messages.keep}
        </Button>
        <Button variant="primary" destructive onPress={run}>
          {messages.revoke}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
