/** The choices below a field, with the one that the keyboard is on in sight. */
import { useEffect, useRef, type ReactElement } from 'react';
import { messages } from '../messages.ts';
import type { Option } from './combobox.tsx';

export interface OptionListProps {
  readonly id: string;
  readonly options: readonly Option[];
  readonly active: number | null;
  readonly more: number;
  /** A sentence instead of the choices; null while there are some. */
  readonly state: string | null;
  readonly onPick: (option: Option) => void;
  readonly onPoint: (index: number) => void;
}

export function OptionList({
  id,
  options,
  active,
  more,
  state,
  onPick,
  onPoint,
}: OptionListProps): ReactElement {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (active !== null) list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // Pressing in the list must not take the focus from the field.
    <div className="combo-popup" onMouseDown={(event) => event.preventDefault()}>
      <ul id={id} ref={list} className="combo-list" role="listbox" aria-label={messages.open}>
        {options.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="combo-option"
            onPointerMove={() => onPoint(index)}
            onClick={() => onPick(option)}
          >
            <bdi className="combo-title">{option.title}</bdi>
            {option.detail !== undefined && option.detail !== option.title && (
              <bdi className="combo-detail">{option.detail}</bdi>
            )}
          </li>
        ))}
      </ul>
      <p className="combo-state" role="status">
        {state ?? (more > 0 ? messages.moreFound(more) : '')}
      </p>
    </div>
  );
}
