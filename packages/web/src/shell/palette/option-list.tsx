/** The lines of the palette. The keyboard stays in the field; the line that counts is told by its id. */
import { useEffect, useRef, type MouseEvent, type ReactElement } from 'react';
import { ActIcon, NextIcon } from '../../parts/icons.tsx';
import { Keys } from '../keys.tsx';
import type { PaletteGroup, PaletteItem } from './items.ts';
import { messages } from './messages.ts';

export interface OptionListProps {
  /** Of the list; the lines are `<id>-0`, `<id>-1`, … */
  readonly id: string;
  readonly groups: readonly PaletteGroup[];
  readonly activeId: string | null;
  /** The pointer moved over a line. */
  readonly onPoint: (id: string) => void;
  readonly onRun: (item: PaletteItem, event: MouseEvent) => void;
}

export function OptionList({ id, groups, activeId, onPoint, onRun }: OptionListProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  const items = groups.flatMap((group) => group.items);
  return (
    <div
      ref={list}
      className="cb-palette-list"
      id={id}
      role="listbox"
      aria-label={messages.results}
      tabIndex={-1}
    >
      {groups.map((group, index) => (
        <div key={group.title} role="group" aria-labelledby={`${id}-of-${String(index)}`}>
          <div className="cb-palette-heading" id={`${id}-of-${String(index)}`} role="presentation">
            {group.title}
          </div>
          {group.items.map((item) => (
            <div
              key={item.id}
              className="cb-palette-option"
              id={`${id}-${String(items.indexOf(item))}`}
              role="option"
              aria-selected={item.id === activeId}
              // Not on entering: the list may come to the pointer, which is then not what was meant.
              onPointerMove={() => item.id !== activeId && onPoint(item.id)}
              onClick={(event) => onRun(item, event)}
              onAuxClick={(event) => event.button === 1 && onRun(item, event)}
            >
              {item.does.kind === 'go' ? <NextIcon /> : <ActIcon />}
              <bdi className="cb-palette-title">{item.title}</bdi>
              {item.hint !== null && <bdi className="cb-palette-hint">{item.hint}</bdi>}
              {item.keys !== null && <Keys keys={item.keys} />}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
