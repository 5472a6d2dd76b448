/** Asks before an entity goes: says what goes with it, or why it cannot be unregistered here. */
import { useState, type ReactElement } from 'react';
import { Button, Checkbox, Dialog, DialogBody, DialogFooter, DialogHeader, Skeleton } from '@backstage/ui';
import type { Entity, EntityRef } from '@callboard/model';
import { useNavigate } from 'react-router-dom';
import { titleOf } from '../../../api/entity.ts';
import type { Losses, Removal } from '../../../api/removal.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { LocationText } from '../location-text.tsx';
import { messages } from './messages.ts';
import { useRemoval, useRemove } from './queries.ts';
import './removal.css';

/** From this many entities on, a second thought is asked for. */
const CONFIRM_FROM = 5;
const REFS_SHOWN = 12;

export interface UnregisterDialogProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
  readonly onClose: () => void;
}

export function UnregisterDialog({ entity, entityRef, onClose }: UnregisterDialogProps): ReactElement {
  const removal = useRemoval(entityRef);
  const remove = useRemove(entity);
  const navigate = useNavigate();
  const [isSure, setIsSure] = useState(false);
  const losses = removal.data === undefined ? null : lossesOf(removal.data);
  const needsConfirmation = losses !== null && losses.total >= CONFIRM_FROM;

  function act(): void {
    if (removal.data === undefined) return;
    remove.mutate(removal.data, {
      onSuccess: () => {
        onClose();
        navigate('/catalog');
      },
    });
  }

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogHeader>{messages.title(titleOf(entity) ?? entity.metadata.name)}</DialogHeader>
      <DialogBody className="removal">
        {removal.isError && (
          <ErrorPanel
            title={messages.readFailed}
            error={removal.error}
            onRetry={() => void removal.refetch()}
          />
        )}
        {removal.isPending && (
          <div aria-busy="true">
            <span className="cb-hidden">{messages.reading}</span>
            <Skeleton width="100%" height="5rem" />
          </div>
        )}
        {removal.data !== undefined && <Explained removal={removal.data} />}
        {needsConfirmation && (
          <Checkbox isSelected={isSure} onChange={setIsSure}>
            {messages.confirm(losses.total)}
          </Checkbox>
        )}
        {remove.isError && <ErrorPanel title={messages.failed} error={remove.error} onRetry={act} />}
      </DialogBody>
      <DialogFooter>
        {losses !== null && (
          <Button
            variant="primary"
            destructive
            isPending={remove.isPending}
            isDisabled={needsConfirmation && !isSure}
            onPress={act}
          >
            {removal.data?.rootKind === 'registered' ? messages.unregister : messages.remove}
          </Button>
        )}
        <Button variant="secondary" onPress={onClose}>
          {losses === null ? messages.close : messages.cancel}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

/** The root of what came in by `callboard catalog import`. */
const IMPORTED = 'provider:import';

/** What goes; null when nothing can be done here: it would come back. */
function lossesOf({ rootKind, unregister, remove }: Removal): Losses | null {
  if (rootKind === 'registered') return unregister;
  return remove.comesBack ? null : remove;
}

function Explained({ removal }: { readonly removal: Removal }): ReactElement {
  const { rootKind, root, location } = removal;
  const losses = lossesOf(removal);
  return (
    <>
      <p>{explanation(removal)}</p>
      {losses !== null && <LostEntities losses={losses} />}
      {location !== null && (
        <p className="removal-location">
          {messages.location}: <LocationText location={location.target} />
        </p>
      )}
      {rootKind === 'configured' && root !== null && (
        <p className="removal-location">
          {messages.location}: <LocationText location={root} />
        </p>
      )}
      <p className="entity-none">{losses === null ? messages.removeNow : messages.nothingElse}</p>
    </>
  );
}

function explanation({ rootKind, root, unregister, remove }: Removal): string {
  switch (rootKind) {
    case 'registered':
      return messages.registered(unregister.total);
    case 'configured':
      return messages.configured;
    case 'provider':
      if (root === IMPORTED)
        return remove.comesBack ? messages.importedAbove : messages.imported(remove.total);
      return messages.provider((root ?? '').replace(/^provider:/, ''));
    case 'none':
      return messages.none(remove.total);
    default:
      return rootKind satisfies never;
  }
}

function LostEntities({ losses }: { readonly losses: Losses }): ReactElement {
  const shown = losses.refs.slice(0, REFS_SHOWN);
  const more = losses.total - shown.length;
  return (
    <ul className="removal-refs">
      {shown.map((ref) => (
        <li key={ref}>
          <code>{ref}</code>
        </li>
      ))}
      {more > 0 && <li>{messages.more(more)}</li>}
    </ul>
  );
}
