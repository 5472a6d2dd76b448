/**
 * The escape sequences that programs write for terminals (ECMA-48), read as colours: what sets the look of text becomes
 * a piece with that look, everything else (moving the cursor, titles, links) is left out.
 */

const ANSI_COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
type AnsiColour = (typeof ANSI_COLOURS)[number];

export interface AnsiPiece {
  readonly text: string;
  /** Null: that of the text around it. */
  readonly colour: AnsiColour | null;
  readonly isBold: boolean;
}

interface Look {
  readonly colour: AnsiColour | null;
  readonly isBold: boolean;
}

const PLAIN: Look = { colour: null, isBold: false };
const ESC = '\u001B';
/** CSI with its parameters and final byte; OSC up to its end; other two-character escapes; C0 controls but for tab. */
const ESCAPES = new RegExp(
  [
    `${ESC}\\[([0-9;:?<=>]*)[ -/]*([@-~])`,
    `${ESC}\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-~]?`,
    '[\\u0000-\\u0008\\u000B-\\u001A\\u001C-\\u001F\\u007F]',
  ].join('|'),
  'g',
);

/** The text alone. */
export function stripAnsi(text: string): string {
  return text.replaceAll(ESCAPES, '');
}

/** One line in pieces; a line without escapes is one piece. Empty text has none. */
export function parseAnsi(line: string): readonly AnsiPiece[] {
  const pieces: AnsiPiece[] = [];
  let look = PLAIN;
  let from = 0;
  for (const match of line.matchAll(ESCAPES)) {
    if (match.index > from) pieces.push({ text: line.slice(from, match.index), ...look });
    from = match.index + match[0].length;
    if (match[2] === 'm') look = changed(look, match[1] ?? '');
  }
  if (from < line.length) pieces.push({ text: line.slice(from), ...look });
  return pieces;
}

/** Codes that are not known change nothing. */
function changed(before: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map(Number);
  let look = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    // A colour out of a palette, or by its parts: read over, together with what belongs to it.
    if (code === 38 || code === 48) {
      at += codes[at + 1] === 5 ? 2 : 4;
      continue;
    }
    look = withCode(look, code);
  }
  return look;
}

function withCode(look: Look, code: number): Look {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...look, isBold: true };
  if (code === 22) return { ...look, isBold: false };
  if (code === 39) return { ...look, colour: null };
  const colour = code >= 90 ? ANSI_COLOURS[code - 90] : ANSI_COLOURS[code - 30];
  return colour === undefined ? look : { ...look, colour };
}
