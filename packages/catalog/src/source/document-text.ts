/**
 * The first step of reading a catalog file: are these bytes text that can be YAML at all?
 * What is not (too large, binary, another encoding, an HTML page) is refused here with one diagnostic.
 */
import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '@callboard/model';

/** One file as it was read, and the path or URL under which diagnostics show it. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  readonly file: string;
}

export type DecodedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic };

const HTML_PAGE = /^<(?:!doctype\s+html|html|head|body|script)\b/i;
const HTML_WINDOW = 4096;

/** Decodes UTF-8, without the byte order mark. Other content is refused with a diagnostic. */
export function decodeText(source: SourceFile, maxBytes: number): DecodedText {
  const { bytes, file } = source;
  if (bytes.length > maxBytes) {
    return refuse(file, 'catalog/yaml-too-large', {
      summary: `The file has ${bytes.length} bytes; at most ${maxBytes} are read.`,
      detail: 'Split it into several files and list them in a Location entity.',
    });
  }
  const encoding = foreignEncoding(bytes);
  if (encoding !== null) {
    return refuse(file, 'catalog/not-text', {
      summary: `The file is ${encoding}, not UTF-8 text.`,
      detail: 'Save the file as UTF-8, or correct the location if it points to another kind of file.',
    });
  }
  if (!isUtf8(bytes)) {
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
    const line = lineCount(before);
    return refuse(file, 'catalog/not-text', {
      summary: `The file is not valid UTF-8 from line ${line} on.`,
      detail: 'Save the file as UTF-8, or correct the location if it points to another kind of file.',
      line,
    });
  }
  const text = new TextDecoder().decode(bytes);
  if (looksLikeHtml(text.slice(0, HTML_WINDOW))) {
    return refuse(file, 'catalog/html-not-yaml', {
      summary: 'The file looks like an HTML page, perhaps a sign-in page, and not like YAML.',
      detail:
        'Check that the URL points to the raw file, and that the integration for its host has a valid token.',
    });
  }
  return { kind: 'text', text };
}

/** Leading comments are skipped: sign-in pages and proxies like to put a licence before the page. */
function looksLikeHtml(text: string): boolean {
  let rest = text.trimStart();
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->');
    if (end === -1) return true;
    rest = rest.slice(end + 3).trimStart();
  }
  return HTML_PAGE.test(rest);
}

/** The name of what the bytes are when they are plainly not UTF-8 text; null when they may be. */
function foreignEncoding(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'UTF-32' : 'UTF-16';
  if (first === 0xfe && second === 0xff) return 'UTF-16';
  if (!bytes.includes(0)) return null;
  const looksUtf16 = (first === 0 && second !== 0) || (first !== 0 && second === 0);
  return looksUtf16 ? 'UTF-16' : 'binary (it holds NUL bytes)';
}

/** The 1-based number of the line that follows this text. */
export function lineCount(text: string): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function refuse(
  file: string,
  code: string,
  what: { readonly summary: string; readonly detail: string; readonly line?: number },
): DecodedText {
  return { kind: 'refused', diagnostic: { severity: 'error', code, file, ...what } };
}
