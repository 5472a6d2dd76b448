/** The fields of a form as cards, with arrows from each to those that follow from it. */
import {
  memo,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type RefObject,
} from 'react';
import type { FieldId } from '@callboard/form';
import { ArrowHead } from '../../../graph/arrow-head.tsx';
import type { Layout } from '../../../graph/layout/layout.ts';
import { messages } from './messages.ts';
import { CARD, layoutIn, LEAST_ZOOM, type FieldNow, type FieldStructure, type Mark } from './picture.ts';

export interface FieldMapProps {
  readonly structure: FieldStructure;
  readonly fields: ReadonlyMap<FieldId, FieldNow>;
  readonly titleOf: (id: FieldId) => string;
  readonly chosen: FieldId | null;
  readonly onChoose: (id: FieldId) => void;
}

export function FieldMap({ structure, fields, titleOf, chosen, onChoose }: FieldMapProps): ReactElement {
  const { linked } = structure;
  const box = useRef<HTMLDivElement>(null);
  const room = useRoom(box);
  const layout = useMemo(() => layoutIn(structure, room), [structure, room]);
  // A picture that is a little too broad is made smaller; one that is much too broad is scrolled.
  const zoom = Math.min(1, Math.max(LEAST_ZOOM, room / layout.width));
  useEffect(() => {
    // Somebody chose it elsewhere; only the picture moves, not the page.
    const card = box.current?.querySelector('[aria-pressed=true]');
    const [frame, place] = [box.current?.getBoundingClientRect(), card?.getBoundingClientRect()];
    if (frame === undefined || place === undefined) return;
    box.current?.scrollBy({
      left: outside(place.left, place.right, frame.left, frame.right),
      top: outside(place.top, place.bottom, frame.top, frame.bottom),
    });
  }, [chosen]);
  return (
    <div className="fields-map" ref={box} role="region" aria-label={messages.picture} tabIndex={0}>
      <div style={{ position: 'relative', width: layout.width, height: layout.height, zoom }}>
        <Arrows structure={structure} layout={layout} chosen={chosen} />
        <ul>
          {linked.map((id, index) => {
            const now = fields.get(id);
            const at = layout.nodes[index];
            if (now === undefined || at === undefined) return null;
            const style = {
              insetInlineStart: at.x,
              insetBlockStart: at.y,
              width: CARD.width,
              height: CARD.height,
            };
            return (
              <li key={id} style={style}>
                <FieldCard now={now} titleOf={titleOf} isChosen={id === chosen} onChoose={onChoose} />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

/** The inner width, in pixels. */
function useRoom(box: RefObject<HTMLElement>): number {
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    setRoom(element.clientWidth);
    const observer = new ResizeObserver(() => setRoom(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return room;
}

const ROOM = 16;

/** How far to scroll for a span to be within another. */
function outside(start: number, end: number, from: number, to: number): number {
  if (start < from) return start - from - ROOM;
  return end > to ? end - to + ROOM : 0;
}

interface ArrowsProps {
  readonly structure: FieldStructure;
  readonly layout: Layout;
  readonly chosen: FieldId | null;
}

const Arrows = memo(function Arrows({ structure, layout, chosen }: ArrowsProps): ReactElement {
  const { linked, edges } = structure;
  const id = useId();
  const drawn = layout.edges.map((route, index) => {
    const [from = 0, to = 0] = edges[index] ?? [];
    return { index, route, isNear: chosen !== null && (linked[from] === chosen || linked[to] === chosen) };
  });
  return (
    <svg
      width={layout.width}
      height={layout.height}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      aria-hidden="true"
      data-chosen={drawn.some(({ isNear }) => isNear) || undefined}
    >
      <defs>
        {['plain', 'near'].map((look) => (
          <ArrowHead key={look} id={`${id}${look}`} className={`fields-head-${look}`} />
        ))}
      </defs>
      {drawn
        .toSorted((a, b) => Number(a.isNear) - Number(b.isNear))
        .map(({ index, route, isNear }) => {
          const head = `url(#${id}${isNear ? 'near' : 'plain'})`;
          return (
            <path
              key={index}
              className="fields-arrow"
              data-near={isNear || undefined}
              d={route.path}
              {...(route.isTurned ? { markerStart: head } : { markerEnd: head })}
            />
          );
        })}
    </svg>
  );
});

export interface FieldCardProps {
  readonly now: FieldNow;
  readonly titleOf: (id: FieldId) => string;
  readonly isChosen: boolean;
  readonly onChoose: (id: FieldId) => void;
}

export function FieldCard({ now, titleOf, isChosen, onChoose }: FieldCardProps): ReactElement {
  const { id, field, value, marks, dependsOn } = now;
  const isAway = marks.includes('hidden') || marks.includes('absent');
  return (
    <button
      type="button"
      className="fields-card"
      aria-pressed={isChosen}
      data-away={isAway || undefined}
      data-bad={marks.some((mark) => TONES[mark] === 'bad') || undefined}
      onClick={() => onChoose(id)}
    >
      <span className="fields-card-title">
        <bdi>{field.title}</bdi>
        {marks.includes('required') && <Asterisk />}
      </span>
      <span className="fields-card-id" dir="ltr">
        {id.slice(1)}
      </span>
      <span className="fields-card-now">
        <span className="fields-card-value" data-none={value === null || undefined}>
          <bdi>{value ?? messages.noValue}</bdi>
        </span>
        <Marks marks={marks.filter((mark) => mark !== 'required')} />
      </span>
      {dependsOn.length > 0 && (
        <span className="cb-hidden">{`${messages.dependsOn} ${dependsOn.map(titleOf).join(', ')}`}</span>
      )}
    </button>
  );
}

function Asterisk(): ReactElement {
  return (
    <span className="fields-required" title={messages.marks.required}>
      <span aria-hidden="true">*</span>
      <span className="cb-hidden">{messages.marks.required}</span>
    </span>
  );
}

const TONES: Readonly<Record<Mark, 'plain' | 'info' | 'warn' | 'bad'>> = {
  absent: 'plain',
  hidden: 'plain',
  disabled: 'plain',
  required: 'plain',
  suggested: 'info',
  replaced: 'warn',
  waiting: 'plain',
  loading: 'info',
  failed: 'bad',
  wrong: 'bad',
  rule: 'bad',
};

export function Marks({ marks }: { readonly marks: readonly Mark[] }): ReactElement | null {
  if (marks.length === 0) return null;
  return (
    <span className="fields-marks">
      {marks.map((mark) => (
        <span key={mark} className="fields-mark" data-tone={TONES[mark]}>
          {messages.marks[mark]}
        </span>
      ))}
    </span>
  );
}
