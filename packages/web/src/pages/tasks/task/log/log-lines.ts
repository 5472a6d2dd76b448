/** The lines of a log: events of the task, split where they have several, and what is found in them. */
import type { TaskEvent, TaskStatus } from '../../../../api/scaffolder-tasks.ts';
import { parseAnsi, stripAnsi, type AnsiPiece } from './ansi.ts';

export interface LogLine {
  /** From 1, over all steps. */
  readonly number: number;
  readonly at: Date | null;
  /** As it was written. */
  readonly raw: string;
  /** Without escapes. */
  readonly text: string;
  /** Null: about the task. */
  readonly stepId: string | null;
  /** Of a line that says what became of a step or the task. */
  readonly status: TaskStatus | null;
}

/** Programs that count on one line write a new one with a carriage return. */
const LINE_END = /\r\n|\n|\r(?=.)/;
/** What is longer than this is cut where it is shown; it is whole in what is copied. */
const LONGEST_SHOWN = 4_000;

/** `before`: how many lines there are. */
export function toLines(event: TaskEvent, before: number): readonly LogLine[] {
  const { at, stepId, status } = event;
  return event.message
    .replace(/[\r\n]+$/, '')
    .split(LINE_END)
    .map((raw, index) => ({
      number: before + index + 1,
      at,
      raw,
      text: stripAnsi(raw),
      stepId,
      status,
    }));
}

/** Positions in `lines` of those that have the text in them, whatever its case. */
export function findLines(lines: readonly LogLine[], query: string): readonly number[] {
  const wanted = query.toLowerCase();
  if (wanted === '') return [];
  const found: number[] = [];
  for (const [index, { text }] of lines.entries()) {
    if (text.toLowerCase().includes(wanted)) found.push(index);
  }
  return found;
}

export interface ShownPiece extends AnsiPiece {
  /** Whether it is what was searched for. */
  readonly isFound: boolean;
}

export interface ShownLine {
  readonly pieces: readonly ShownPiece[];
  /** Characters that are not shown. */
  readonly hidden: number;
}

/** A line with its colours, and with every place where the text is. */
export function toShownLine(line: LogLine, query: string): ShownLine {
  const all = parseAnsi(line.raw);
  const pieces: ShownPiece[] = [];
  const places = placesOf(line.text.toLowerCase(), query.toLowerCase());
  let at = 0;
  for (const piece of all) {
    const end = Math.min(at + piece.text.length, LONGEST_SHOWN);
    for (const cut of cutsOf({ from: at, to: end, places })) {
      pieces.push({ ...piece, text: piece.text.slice(cut.from - at, cut.to - at), isFound: cut.isFound });
    }
    at += piece.text.length;
    if (at >= LONGEST_SHOWN) break;
  }
  return { pieces, hidden: Math.max(0, line.text.length - LONGEST_SHOWN) };
}

interface Place {
  readonly from: number;
  readonly to: number;
}

function placesOf(text: string, wanted: string): readonly Place[] {
  if (wanted === '') return [];
  const places: Place[] = [];
  let from = text.indexOf(wanted);
  while (from !== -1) {
    places.push({ from, to: from + wanted.length });
    from = text.indexOf(wanted, from + wanted.length);
  }
  return places;
}

/** A stretch of a line, cut where found text begins and ends. */
function cutsOf(stretch: Place & { readonly places: readonly Place[] }): readonly (Place & {
  readonly isFound: boolean;
})[] {
  const cuts: (Place & { isFound: boolean })[] = [];
  let { from } = stretch;
  for (const place of stretch.places) {
    const begin = Math.max(place.from, from);
    const end = Math.min(place.to, stretch.to);
    if (begin >= end) continue;
    if (begin > from) cuts.push({ from, to: begin, isFound: false });
    cuts.push({ from: begin, to: end, isFound: true });
    from = end;
  }
  if (from < stretch.to) cuts.push({ from, to: stretch.to, isFound: false });
  return cuts;
}

/** As it is copied and downloaded: the time in ISO 8601, the step, the text. */
export function toPlainText(lines: readonly LogLine[]): string {
  return lines
    .map(({ at, stepId, text }) => {
      const head = [at?.toISOString() ?? '', stepId === null ? '' : `[${stepId}]`].filter(
        (part) => part !== '',
      );
      return [...head, text].join(' ');
    })
    .join('\n');
}
