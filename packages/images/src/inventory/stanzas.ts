/** The paragraphs of a Debian control file, as in deb822(5): `Field: value`, further lines indented, an empty line between. */

export interface Stanza {
  /** Where it begins, 1-based. */
  readonly line: number;
  /** By lower-case name; further lines are joined with line breaks, without their indentation. */
  readonly fields: ReadonlyMap<string, string>;
  /** Lines that are neither a field nor a part of one, 1-based. */
  readonly broken: readonly number[];
}

export function* stanzas(text: string): Generator<Stanza> {
  let stanza = { line: 1, fields: new Map<string, string>(), broken: new Array<number>() };
  let last = '';
  let at = 0;
  for (const raw of linesOf(text)) {
    at++;
    const line = raw.trimEnd();
    if (line === '') {
      if (stanza.fields.size > 0 || stanza.broken.length > 0) yield stanza;
      stanza = { line: at + 1, fields: new Map(), broken: [] };
      last = '';
      continue;
    }
    const more = /^[ \t]/.test(line);
    if (more && last !== '') {
      stanza.fields.set(last, `${stanza.fields.get(last) ?? ''}\n${line.trim()}`);
      continue;
    }
    const [, name, value] = more ? [] : (/^([!"$-,./0-9;-~][!-9;-~]*):[ \t]*(.*)$/.exec(line) ?? []);
    if (name === undefined || value === undefined) {
      stanza.broken.push(at);
      continue;
    }
    last = name.toLowerCase();
    stanza.fields.set(last, value);
  }
  if (stanza.fields.size > 0 || stanza.broken.length > 0) yield stanza;
}

/** One at a time: a whole status as an array of lines would be many times its size. */
export function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    if (end === -1) break;
    yield text.slice(from, end);
    from = end + 1;
  }
  if (from < text.length) yield text.slice(from);
}
