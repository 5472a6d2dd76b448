/**
 * The names of the fields that a source registers, read without running it: also a file with an error in it says which field
 * it would be. It reads words and brackets, no grammar, so a name that is put together at run time is not found.
 */

/** What takes the declaration of a field. */
const CALLS: ReadonlySet<string> = new Set(['createScaffolderFieldExtension', 'createFormField']);
/**
 * White space and comments, texts, words, single characters. The two slashes of a URL begin no comment; an apostrophe in
 * the text of an element is no quote, so a quoted text ends on its line and is short.
 */
const TOKEN =
  /\s+|(?<![\\:])\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\\n]|\\.){0,200}'|"(?:[^"\\\n]|\\.){0,200}"|`(?:[^`\\]|\\[\s\S])*(?:`|$)|[\w$]+|\S/gy;
const BLANK = /^(?:\s|\/\/|\/\*)/;
const QUOTED = /^(['"`])(.*)\1$/s;
const FIELD_NAME = /^[A-Za-z][\w.:/-]{0,99}$/;
const COMPONENT_NAME = /^[A-Z]\w*$/;
const MAX_NAMES = 100;

/** An open bracket. */
interface Frame {
  readonly opener: string;
  /** Of a call that takes a declaration, or its argument. */
  readonly declares: boolean;
  name: string | null;
  hasComponent: boolean;
}

/** In the order in which they are written. */
export function fieldNames(source: string): readonly string[] {
  const tokens = tokensOf(source);
  const constants = constantsOf(tokens);
  const names = new Set<string>();
  const frames: Frame[] = [];
  let called = false;
  const close = (frame: Frame): void => {
    if (frame.name !== null && (frame.declares || frame.hasComponent)) names.add(frame.name);
  };
  for (const [index, token] of tokens.entries()) {
    const top = frames.at(-1);
    const before = tokens[index - 1];
    if (CALLS.has(token)) called = true;
    else if (token === ';') called = false;
    else if (token === '(') {
      // Types may stand between the name of the function and its argument.
      const declares = called && (CALLS.has(before ?? '') || before === '>');
      if (declares) called = false;
      frames.push(frameOf(token, declares));
    } else if (token === '{') {
      frames.push(frameOf(token, top?.opener === '(' && top.declares && before === '('));
    } else if (token === '}' || token === ')') {
      const opener = token === '}' ? '{' : '(';
      if (top?.opener !== opener) continue;
      close(top);
      frames.pop();
    } else if (top?.opener === '{' && (before === '{' || before === ',')) {
      readKey(top, { tokens, index, constants });
    }
  }
  // Of a file that ends too early.
  for (const frame of frames) close(frame);
  return [...names].slice(0, MAX_NAMES);
}

/** Begins a value that is no function. */
const NO_FUNCTION = /^['"`\d[{]/;

/** The components that a source exports: a file that registers nothing has a field of the name of each. */
export function componentNames(source: string): readonly string[] {
  const names = new Set<string>();
  const tokens = tokensOf(source);
  for (const [index, token] of tokens.entries()) {
    if (token !== 'export') continue;
    const rest = tokens.slice(index + 1, index + 12).filter((word) => word !== 'default' && word !== 'async');
    const [kind = '', name = ''] = rest;
    if (kind === 'function' || kind === 'class') names.add(name);
    else if (kind === 'const' && !NO_FUNCTION.test(rest[rest.indexOf('=') + 1] ?? '')) names.add(name);
    else if (tokens[index + 1] === 'default') names.add(kind);
  }
  return [...names].filter((name) => COMPONENT_NAME.test(name)).slice(0, MAX_NAMES);
}

const frameOf = (opener: string, declares: boolean): Frame => ({
  opener,
  declares,
  name: null,
  hasComponent: false,
});

interface Reading {
  readonly tokens: readonly string[];
  readonly index: number;
  readonly constants: ReadonlyMap<string, string>;
}

function readKey(frame: Frame, { tokens, index, constants }: Reading): void {
  const key = textOf(tokens[index]) ?? tokens[index];
  const after = tokens[index + 1];
  if (key === 'component' && [':', ',', '}', '('].includes(after ?? '')) frame.hasComponent = true;
  if (key !== 'name') return;
  const value = after === ':' ? (tokens[index + 2] ?? '') : 'name';
  const name = textOf(value) ?? constants.get(value);
  if (name !== undefined && FIELD_NAME.test(name)) frame.name = name;
}

function tokensOf(source: string): readonly string[] {
  return (source.match(TOKEN) ?? []).filter((token) => !BLANK.test(token));
}

/** `const NAME = 'text'`, so that a declaration may say `name: NAME`. */
function constantsOf(tokens: readonly string[]): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const [index, token] of tokens.entries()) {
    const text = token === 'const' && tokens[index + 2] === '=' ? textOf(tokens[index + 3]) : undefined;
    if (text !== undefined) constants.set(tokens[index + 1] ?? '', text);
  }
  return constants;
}

/** What a quoted text says; undefined for anything else. */
function textOf(token: string | undefined): string | undefined {
  const text = QUOTED.exec(token ?? '')?.[2];
  return text?.includes('${') === true ? undefined : text;
}
