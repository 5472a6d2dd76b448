/**
 * A field with choices that are found by typing (ARIA's combobox with a list). What is typed may be a value itself where
 * the field says so. The keyboard stays in the field; the arrows go through the list.
 */
import { useId, useRef, useState, type KeyboardEvent, type ReactElement, type RefObject } from 'react';
import { CloseIcon, SortDownIcon } from '../../../parts/icons.tsx';
import { messages } from '../messages.ts';
import { OptionList } from './option-list.tsx';
import type { Option } from './option-rows.ts';

export interface ComboboxProps {
  readonly id: string;
  /** For screen readers where no label is tied to the id. */
  readonly label?: string;
  readonly describedBy?: string;
  /** What the field shows of its value while nobody types. */
  readonly shown: string;
  readonly options: readonly Option[];
  /** How many choices there are beside those. */
  readonly more?: number;
  readonly isLoading?: boolean;
  readonly isFailed?: boolean;
  /** What is said then. Default: that the catalog could not be searched. */
  readonly failedText?: string;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
  readonly isInvalid?: boolean;
  readonly isFree: boolean;
  /** Whether leaving the field takes what the arrows are on. Default: it does. */
  readonly autoSelect?: boolean;
  readonly autofocus?: boolean;
  readonly placeholder?: string;
  /** Called with what is typed, and with nothing when typing is over. */
  readonly onType: (text: string) => void;
  /** Called when somebody is about to choose. */
  readonly onOpen?: () => void;
  readonly onPick: (value: string) => void;
  /** Called with what was typed, where that may be a value. */
  readonly onFree: (text: string) => void;
  readonly onClear: () => void;
}

export function Combobox(props: ComboboxProps): ReactElement {
  const box = useCombobox(props);
  const { id, label, describedBy, shown, isDisabled = false, isRequired = false, isInvalid = false } = props;
  return (
    <div
      className="combo"
      ref={box.root}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) box.leave();
      }}
    >
      <input
        id={id}
        ref={box.input}
        className="form-input combo-input"
        role="combobox"
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={box.isOpen}
        aria-controls={box.isOpen ? box.listId : undefined}
        aria-activedescendant={box.active === null ? undefined : `${box.listId}-${box.active}`}
        aria-label={label}
        aria-describedby={describedBy}
        aria-required={isRequired}
        aria-invalid={isInvalid}
        disabled={isDisabled}
        autoFocus={props.autofocus}
        placeholder={props.placeholder}
        value={box.typed ?? shown}
        onChange={({ target }) => box.type(target.value)}
        onClick={({ currentTarget }) => {
          // What is typed next replaces the value.
          if (box.typed === null && !box.isOpen) currentTarget.select();
          box.open();
        }}
        onKeyDown={box.onKeyDown}
      />
      {!isDisabled && shown !== '' && (
        <button
          type="button"
          className="combo-button combo-clear"
          tabIndex={-1}
          aria-label={messages.clearValue}
          onClick={box.clear}
        >
          <CloseIcon />
        </button>
      )}
      {!isDisabled && (
        <button
          type="button"
          className="combo-button"
          tabIndex={-1}
          aria-label={messages.open}
          onClick={box.toggle}
        >
          <SortDownIcon />
        </button>
      )}
      {box.isOpen && (
        <OptionList
          id={box.listId}
          options={props.options}
          active={box.active}
          more={props.more ?? 0}
          state={stateOf(props, box.typed)}
          onPick={box.pick}
          onPoint={box.point}
        />
      )}
    </div>
  );
}

function stateOf(
  { isLoading = false, isFailed = false, failedText = messages.failedSearch, isFree, options }: ComboboxProps,
  typed: string | null,
): string | null {
  if (isFailed) return failedText;
  if (options.length > 0) return null;
  if (isLoading) return messages.searching;
  return isFree && typed !== null && typed !== '' ? messages.noneFoundFree : messages.noneFound;
}

interface Box {
  readonly root: RefObject<HTMLDivElement>;
  readonly input: RefObject<HTMLInputElement>;
  readonly listId: string;
  readonly isOpen: boolean;
  /** Null while nobody types. */
  readonly typed: string | null;
  readonly active: number | null;
  readonly type: (text: string) => void;
  readonly open: () => void;
  readonly toggle: () => void;
  readonly clear: () => void;
  readonly pick: (option: Option) => void;
  readonly point: (index: number) => void;
  readonly leave: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function useCombobox(props: ComboboxProps): Box {
  const { options, isFree, autoSelect = true, shown } = props;
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const active = at !== null && at < options.length ? at : null;

  function open(): void {
    if (isOpen || props.isDisabled === true) return;
    props.onOpen?.();
    setIsOpen(true);
    setAt(null);
  }
  function close(): void {
    setIsOpen(false);
    setTyped(null);
    setAt(null);
    if (typed !== null) props.onType('');
  }
  function pick(option: Option): void {
    props.onPick(option.value);
    close();
    input.current?.focus();
  }
  /** Takes what is typed, as far as it is something. */
  function settle(): void {
    if (typed === null) return;
    const text = typed.trim();
    const found = options.find(({ value, title }) => isText(value, text) || isText(title, text));
    if (text === '') props.onClear();
    else if (found !== undefined) props.onPick(found.value);
    else if (isFree) props.onFree(text);
  }
  function leave(): void {
    const option = active === null ? undefined : options[active];
    if (autoSelect && isOpen && option !== undefined) props.onPick(option.value);
    else settle();
    close();
  }
  function move(by: number): void {
    if (options.length === 0) return;
    const from = active ?? (by > 0 ? -1 : 0);
    setAt((from + by + options.length) % options.length);
  }
  function onKeyDown(event: KeyboardEvent): void {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        event.preventDefault();
        if (isOpen) move(event.key === 'ArrowDown' ? 1 : -1);
        else open();
        return;
      case 'Enter': {
        const option = active === null ? undefined : options[active];
        if (!isOpen && typed === null) return;
        event.preventDefault();
        if (option === undefined) {
          settle();
          close();
          return;
        }
        pick(option);
        return;
      }
      case 'Escape':
        if (!isOpen && typed === null) return;
        event.preventDefault();
        event.stopPropagation();
        close();
        return;
      default:
    }
  }
  return {
    root,
    input,
    listId,
    isOpen,
    typed,
    active,
    open,
    pick,
    leave,
    onKeyDown,
    point: setAt,
    type(text) {
      open();
      setTyped(text);
      setAt(null);
      props.onType(text);
    },
    toggle() {
      if (isOpen) close();
      else open();
      input.current?.focus();
    },
    clear() {
      if (shown !== '') props.onClear();
      close();
      input.current?.focus();
    },
  };
}

function isText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
