/** A log of any length: only the lines around those that are seen exist. It stays at its end while somebody follows it. */
import { useEffect, useLayoutEffect, useRef, type ReactElement } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { LOCALE } from '../../../../messages.ts';
import { messages } from '../messages.ts';
import { toShownLine, type LogLine } from './log-lines.ts';

/** The height of a line in pixels; tasks.css has it too. */
const LINE_PX = 20;
const OVERSCAN = 20;
/** So near to its end a log is followed, in pixels. */
const NEAR_PX = 24;
/** Longer lines scroll to their end only when they are seen. */
const WIDEST_CH = 1_000;

export interface LogViewProps {
  readonly label: string;
  readonly lines: readonly LogLine[];
  /** Empty: nothing is searched. */
  readonly query: string;
  /** The position of the line that is looked at; null for none. */
  readonly current: number | null;
  readonly isFollowing: boolean;
  /** Somebody went to the end, or away from it. */
  readonly onFollow: (isFollowing: boolean) => void;
}

export function LogView(props: LogViewProps): ReactElement {
  const { label, lines, query, current, isFollowing, onFollow } = props;
  const box = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: OVERSCAN,
  });
  useLayoutEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [isFollowing, lines]);
  useEffect(() => {
    if (current !== null) virtualizer.scrollToIndex(current, { align: 'center' });
  }, [current, virtualizer]);
  const clock = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium', hourCycle: 'h23' });
  return (
    <div
      className="task-log"
      ref={box}
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={label}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
        const isUp = scrollTop < lastTop.current;
        lastTop.current = scrollTop;
        // Lines that come make the log longer than what is seen; that alone is not going away from its end.
        if (isAtEnd && !isFollowing) onFollow(true);
        if (!isAtEnd && isUp && isFollowing) onFollow(false);
      }}
    >
      <div
        className="task-log-lines"
        style={{ height: virtualizer.getTotalSize(), minWidth: `${widest(lines)}ch` }}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <Line
              key={line.number}
              line={line}
              query={query}
              isCurrent={index === current}
              top={start}
              clock={clock}
            />
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  readonly line: LogLine;
  readonly query: string;
  readonly isCurrent: boolean;
  /** Pixels. */
  readonly top: number;
  readonly clock: Intl.DateTimeFormat;
}

function Line({ line, query, isCurrent, top, clock }: LineProps): ReactElement {
  const { pieces, hidden } = toShownLine(line, query);
  return (
    <div
      className="task-log-line"
      data-status={line.status ?? undefined}
      data-current={isCurrent || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className="task-log-at">{line.at === null ? '' : clock.format(line.at)}</span>
      <span className="task-log-text">
        {pieces.map(({ text, colour, isBold, isFound }, index) => {
          const look = { 'data-colour': colour ?? undefined, 'data-bold': isBold || undefined };
          return isFound ? (
            <mark key={index} {...look}>
              {text}
            </mark>
          ) : (
            <span key={index} {...look}>
              {text}
            </span>
          );
        })}
        {hidden > 0 && <span className="task-quiet">{messages.lineCut(hidden)}</span>}
      </span>
    </div>
  );
}

const TIME_CH = 11;
const widths = new WeakMap<readonly LogLine[], number>();

/** In characters, kept for each list: it is asked for with each scroll. */
function widest(lines: readonly LogLine[]): number {
  const known = widths.get(lines);
  if (known !== undefined) return known;
  let most = 0;
  for (const { text } of lines) most = Math.max(most, text.length);
  const width = Math.min(most, WIDEST_CH) + TIME_CH;
  widths.set(lines, width);
  return width;
}
