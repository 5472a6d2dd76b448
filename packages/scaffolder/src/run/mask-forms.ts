/** The forms in which a secret can appear in a text. */

/** Shorter secrets are masked only where they are a whole value: their letters are in every other word. */
const MIN_SECRET = 3;
/** Of a line of a secret, and of a value that an expression made of one. */
export const MIN_PART = 6;
/** Of a piece of base64 inside a longer one. */
const MIN_CORE = 8;

/**
 * A secret as it is, without the blanks around it, as JSON, in a URL, in base64 (also in the middle of something else, as
 * the password of a `Basic` header is), and the lines of one that has several. Each form has its place in the list,
 * whatever the secret is; forms that are too short to be told from other text are empty. None of a short secret.
 */
export function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  if (trimmed.length < MIN_SECRET) return [];
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  return [
    ...[secret, trimmed].flatMap((text) => [text, ...escapedForms(text), ...base64Forms(text)]),
    ...(lines.length > 1 ? lines.map((line) => (line.length >= MIN_PART ? line : '')) : []),
  ];
}

function escapedForms(text: string): readonly string[] {
  const url = encodeURIComponent(text.toWellFormed());
  const form = url.replaceAll('%20', '+');
  return [
    JSON.stringify(text).slice(1, -1),
    ...[url, form].flatMap((encoded) => [
      encoded,
      encoded.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    ]),
    // What stays when a URL parser writes it: fewer characters are escaped.
    encodeURI(text.toWellFormed()),
  ];
}

function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const cores = [0, 1, 2]
    .map((offset) => base64Core(bytes, offset))
    .filter((core) => core.length >= MIN_CORE);
  return [whole, ...cores].flatMap((encoded) => [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** What base64 makes of the bytes, whatever so many bytes before them and others behind them are. */
function base64Core(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const core = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return core.length >= MIN_CORE ? core : '';
}
