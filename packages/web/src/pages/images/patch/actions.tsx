/** The buttons that a patch has in its state. Each asks first, and for a reason. */
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { PatchAction } from '../../../api/images.ts';
import type { Patch } from '../../../api/images-patch.ts';
import { actionsOf } from './allowed.ts';
import { messages } from './messages.ts';

const ActionDialog = lazy(async () => ({ default: (await import('./action-dialog.tsx')).ActionDialog }));

export interface ActionsProps {
  readonly patch: Patch;
  /** The hash of the plan on the page; null while none is shown. */
  readonly shownPlan: string | null;
}

interface Asked {
  readonly action: PatchAction;
  /** What was shown when the button was pressed. */
  readonly planHash: string | null;
}

export function Actions({ patch, shownPlan }: ActionsProps): ReactElement | null {
  const [asked, setAsked] = useState<Asked | null>(null);
  const actions = actionsOf(patch);
  if (actions.length === 0 && asked === null) return null;
  const needsPlan = actions.includes('approve') && shownPlan === null;
  return (
    <div className="patch-actions" role="group" aria-label={messages.acts}>
      {actions.map((action, index) => (
        <Button
          key={action}
          variant={index === 0 && action !== 'cancel' && action !== 'rollback' ? 'primary' : 'secondary'}
          isDisabled={action === 'approve' && needsPlan}
          onPress={() => setAsked({ action, planHash: shownPlan })}
        >
          {messages.act[action].button}
        </Button>
      ))}
      {needsPlan && <p className="images-quiet">{messages.planFirst}</p>}
      {asked !== null && (
        <Suspense fallback={null}>
          <ActionDialog
            patchId={patch.id}
            action={asked.action}
            planHash={asked.planHash}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
