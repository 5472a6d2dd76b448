/** One field over entities, pages and actions. It is loaded ahead, and shown as soon as its keys are pressed. */
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
} from 'react';
import { Button } from '@backstage/ui';
import { SearchIcon } from '../../parts/icons.tsx';
import { useLong } from '../../parts/use-long.ts';
import { count, messages as shellMessages } from '../../messages.ts';
import { ACTIONS, type PaletteAction } from './actions.ts';
import { Hints } from './hints.tsx';
import { messages } from './messages.ts';
import { OptionList } from './option-list.tsx';
import type { PaletteItem } from './items.ts';
import './palette.css';
import { useActionContext } from './use-context.ts';
import { useOffer } from './use-offer.ts';

export interface PaletteProps {
  readonly onClose: () => void;
  readonly onHelp: () => void;
  /** Tells the person what an action did. */
  readonly onSaid: (text: string) => void;
  /** Default: those of the portal. */
  readonly actions?: readonly PaletteAction[];
}

/** Lines of a page, for the keys that go by pages. */
const PAGE_LINES = 8;

export function Palette({ onClose, onHelp, onSaid, actions = ACTIONS }: PaletteProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const context = useActionContext({ showHelp: onHelp, say: onSaid });
  const offer = useOffer({ text, actions: actions.filter((action) => action.appliesTo(context)) });
  const items = offer.groups.flatMap((group) => group.items);
  const [picked, pick] = useState<string | null>(null);
  const active = items.find(({ id }) => id === picked) ?? items[0];
  const at = active === undefined ? -1 : items.indexOf(active);
  // Enter was pressed before the answer to what was typed was there.
  const [waits, setWaits] = useState<'here' | 'new' | null>(null);
  const list = useId();

  // Closed before it is taken away, the dialog gives the keyboard back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);

  function run(item: PaletteItem, where: 'here' | 'new'): void {
    // Closing first gives the keyboard back, so that what runs may move it on.
    dialog.current?.close();
    onClose();
    const { does } = item;
    if (does.kind === 'act') {
      void runAction(does.action);
      return;
    }
    if (where === 'new') window.open(does.to, '_blank', 'noopener');
    else context.goTo(does.to);
  }

  async function runAction(action: PaletteAction): Promise<void> {
    try {
      await action.run(context);
    } catch (thrown) {
      onSaid(messages.failedToRun(action.title, thrown instanceof Error ? thrown.message : String(thrown)));
    }
  }

  const { isSettled } = offer;
  const isLong = useLong(!isSettled);
  useEffect(() => {
    if (waits === null || !isSettled) return;
    setWaits(null);
    if (active !== undefined) run(active, waits);
  });

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const isMod = event.ctrlKey || event.metaKey;
    const to = target(event.key, { at, total: items.length });
    if (isMod && event.key.toLowerCase() === 'k') onClose();
    else if (event.key === 'Enter') setWaits(isMod ? 'new' : 'here');
    else if (to !== null && !isMod && !event.shiftKey) pick(items[to]?.id ?? null);
    else return;
    event.preventDefault();
  }

  return (
    <dialog
      ref={dialog}
      className="cb-palette"
      aria-label={messages.name}
      // The event comes late, and not when the dialog was opened again meanwhile.
      onClose={() => dialog.current?.open !== true && onClose()}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="cb-palette-frame">
        <div className="cb-palette-field">
          <SearchIcon />
          <input
            type="text"
            role="combobox"
            aria-label={messages.name}
            aria-expanded={items.length > 0}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={at === -1 ? undefined : `${list}-${String(at)}`}
            placeholder={messages.placeholder}
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            maxLength={200}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              pick(null);
            }}
            onKeyDown={onKeyDown}
          />
          {(waits !== null || isLong) && <span className="cb-palette-waits">{messages.searching}</span>}
        </div>
        <OptionList
          id={list}
          groups={offer.groups}
          activeId={active?.id ?? null}
          onPoint={pick}
          onRun={(item, event: MouseEvent) =>
            run(item, event.ctrlKey || event.metaKey || event.button === 1 ? 'new' : 'here')
          }
        />
        {items.length === 0 && isSettled && offer.error === null && (
          <p className="cb-palette-empty">
            {text.trim() === '' ? messages.nothingYet : messages.nothing(text.trim())}
          </p>
        )}
        {offer.error !== null && (
          <p className="cb-palette-error" role="alert">
            {messages.failed(offer.error)}{' '}
            <Button variant="secondary" onPress={offer.retry}>
              {shellMessages.retry}
            </Button>
          </p>
        )}
        <span className="cb-hidden" role="status">
          {isSettled ? messages.found(count(items.length)) : ''}
        </span>
        <Hints />
      </div>
    </dialog>
  );
}

/** Where a key leads in the list; null for a key that does not move. */
function target(key: string, { at, total }: { readonly at: number; readonly total: number }): number | null {
  if (total === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % total;
    case 'ArrowUp':
      return (at - 1 + total) % total;
    case 'PageDown':
      return Math.min(at + PAGE_LINES, total - 1);
    case 'PageUp':
      return Math.max(at - PAGE_LINES, 0);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}
