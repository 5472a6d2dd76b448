/**
 * Cuts a YAML stream into its documents without parsing it, so that one broken document leaves the others
 * alone. `---` at the start of a line ends a document wherever it stands, also inside scalars (YAML 1.2.2,
 * 9.1.2), so the cut needs no knowledge of what is around it.
 */
import { lineCount } from './document-text.ts';

export interface Chunk {
  /** From the `---` on, if there is one, to the next one. */
  readonly text: string;
  /** 1-based line of the first character. */
  readonly line: number;
  /** 1-based line of the first character that is neither marker nor comment nor blank. */
  readonly contentLine: number;
  /** True when there is nothing but the marker, comments and blanks. */
  readonly blank: boolean;
  /** How many documents of the stream it holds; null when only a parser can tell. */
  readonly documents: 0 | 1 | null;
}

/** Directives, `...` markers and inner byte order marks carry meaning from one document to the next. */
const DIRECTIVE = /^%/m;
const STREAM_MARK = /^\.\.\.(?:\s|$)|\uFEFF/m;
const HAS_MARKER = /^---(?:\s|$)/;
const MARKER = '\n---';

/** The chunks of a stream, in order. A stream with directives is one chunk. */
export function* splitDocuments(text: string): Generator<Chunk, void, undefined> {
  if (DIRECTIVE.test(text)) {
    yield { text, line: 1, contentLine: 1, blank: false, documents: null };
    return;
  }
  let line = 1;
  let start = 0;
  while (start <= text.length) {
    const end = endOfChunk(text, start);
    const chunk = text.slice(start, end);
    const content = contentOffset(chunk);
    const blank = content === chunk.length;
    yield {
      text: chunk,
      line,
      contentLine: line + lineCount(chunk.slice(0, content)) - 1,
      blank,
      documents: countDocuments(chunk, blank),
    };
    line += lineCount(chunk) - 1;
    start = end === text.length ? end + 1 : end;
  }
}

function countDocuments(chunk: string, blank: boolean): 0 | 1 | null {
  if (STREAM_MARK.test(chunk)) return null;
  return blank && !HAS_MARKER.test(chunk) ? 0 : 1;
}

/** Where the next `---` line begins. */
function endOfChunk(text: string, start: number): number {
  for (let at = text.indexOf(MARKER, start); at !== -1; at = text.indexOf(MARKER, at + 1)) {
    const next = text[at + MARKER.length];
    if (next === undefined || ' \t\r\n'.includes(next)) return at + 1;
  }
  return text.length;
}

function contentOffset(chunk: string): number {
  let at = HAS_MARKER.test(chunk) ? 3 : 0;
  for (;;) {
    const character = chunk[at];
    if (character === undefined) return chunk.length;
    if (character === '#') {
      const end = chunk.indexOf('\n', at);
      if (end === -1) return chunk.length;
      at = end;
      continue;
    }
    if (!' \t\r\n'.includes(character)) return at;
    at += 1;
  }
}
