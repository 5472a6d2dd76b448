/**
 * The little Markdown that people write in descriptions: paragraphs, lists, emphasis, code and links. Everything else
 * stays the text that it is, so nothing is lost and nothing becomes HTML.
 */
import { safeUrl } from './safe-url.ts';

export type Inline =
  | { readonly kind: 'text' | 'strong' | 'em' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] };

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^[\]]+)\]\(([^()\s]+)\)/g;
const BULLET = /^\s*[-*+]\s+/;

/** Lines that follow each other are one paragraph, wherever they were broken; an empty line ends it. */
export function parseProse(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const part of text.trim().split(/\n[ \t]*\n\s*/)) {
    const lines = part.split('\n');
    const first = lines.findIndex((line) => BULLET.test(line));
    const before = first === -1 ? lines : lines.slice(0, first);
    if (before.length > 0) blocks.push({ kind: 'paragraph', content: parseInline(joined(before)) });
    if (first !== -1) blocks.push({ kind: 'list', items: listItems(lines.slice(first)).map(parseInline) });
  }
  return blocks;
}

/** The first paragraph or list item without its marks, for where there is room for a line or two. */
export function firstWords(text: string): string {
  const [block] = parseProse(text);
  if (block === undefined) return '';
  const content = block.kind === 'paragraph' ? block.content : (block.items[0] ?? []);
  return content.map((inline) => inline.text).join('');
}

function parseInline(text: string): readonly Inline[] {
  const content: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const inline = toInline(match);
    if (inline === null) continue;
    if (match.index > end) content.push({ kind: 'text', text: text.slice(end, match.index) });
    content.push(inline);
    end = match.index + match[0].length;
  }
  if (end < text.length) content.push({ kind: 'text', text: text.slice(end) });
  return content;
}

/** Null for a link whose address is not safe to open, which stays text. */
function toInline([, code, strong, em, label, address]: RegExpMatchArray): Inline | null {
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (em !== undefined) return { kind: 'em', text: em };
  const href = safeUrl(address);
  return label === undefined || href === null ? null : { kind: 'link', text: label, href };
}

/** Each item with the lines that continue it. */
function listItems(lines: readonly string[]): readonly string[] {
  const items: string[][] = [];
  for (const line of lines) {
    if (BULLET.test(line)) items.push([line.replace(BULLET, '')]);
    else items.at(-1)?.push(line);
  }
  return items.map(joined);
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join(' ');
}
