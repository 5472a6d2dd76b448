/** A scene as an SVG file that stands alone: colours and fonts are written into it, and every name is escaped. */
import {
  noteOf,
  cardText,
  CARD,
  IN_CARD,
  labelBox,
  LABEL_HEIGHT,
  labelsWithRoom,
  NOTE_FONT,
  TITLE_FONT,
  type Scene,
  type SceneEdge,
  type SceneNode,
} from './scene.ts';
import type { MeasureText } from './fit-text.ts';

export interface PictureOptions {
  /** What the picture shows; its title for those who do not see it. */
  readonly title: string;
  /** The colour of a custom property of graph.css, as a value that needs no style sheet. */
  readonly colourOf: (property: string) => string;
  readonly measures: { readonly title: MeasureText; readonly note: MeasureText };
}

/** The fonts that the portal is drawn with, by name, for programs that know no system-ui. */
export const PICTURE_FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

export function toSvg(scene: Scene, options: PictureOptions): string {
  const { title, colourOf, measures } = options;
  const { width, height } = scene;
  const labelled = scene.isLabelled ? labelsWithRoom(scene.edges, scene.nodes, measures.note) : [];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${escapeXml(PICTURE_FONTS)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0.5 0.75 7.5 4 0.5 7.25Z" fill="${colourOf('--graph-edge')}"/></marker></defs>`,
    `<rect width="${width}" height="${height}" fill="${colourOf('--graph-ground')}"/>`,
    `<g fill="none" stroke="${colourOf(scene.isCrowded ? '--graph-edge-quiet' : '--graph-edge')}" stroke-width="1.25">`,
    ...scene.edges.map(toLine),
    '</g>',
    `<g font-size="${NOTE_FONT.size}" text-anchor="middle">`,
    ...labelled.map((edge) => toLabel(edge, options)),
    '</g>',
    ...scene.nodes.map((node) => toCard(node, options)),
    '</svg>',
    '',
  ].join('\n');
}

/** Text for XML: what XML cannot have is left out. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function toLine({ route, atStart, atEnd }: SceneEdge): string {
  const start = atStart ? ' marker-start="url(#head)"' : '';
  const end = atEnd ? ' marker-end="url(#head)"' : '';
  return `<path d="${route.path}"${start}${end}/>`;
}

function toLabel(edge: SceneEdge, { colourOf, measures }: PictureOptions): string {
  const { x, y, width, height } = labelBox(edge, measures.note);
  const at = edge.route.label;
  return (
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${LABEL_HEIGHT / 2}" fill="${colourOf('--graph-ground')}"/>` +
    `<text x="${at.x}" y="${at.y + 4}" fill="${colourOf('--graph-muted')}">${escapeXml(edge.label)}</text>`
  );
}

function toCard({ node, box, look, isRoot }: SceneNode, { colourOf, measures }: PictureOptions): string {
  const colour = colourOf(look.colour);
  const title = cardText(node.label, measures.title);
  const note = cardText(noteOf(node), measures.note);
  const border = colourOf(isRoot ? '--graph-accent' : '--graph-border');
  const dashes = node.exists ? '' : ' stroke-dasharray="5 4"';
  const anchor = title.direction === 'rtl' ? ' direction="rtl" text-anchor="end"' : '';
  const { tile, tileSize, text } = IN_CARD;
  return [
    `<g transform="translate(${box.x} ${box.y})">`,
    `<title>${escapeXml(node.ref)}</title>`,
    `<rect width="${CARD.width}" height="${CARD.height}" rx="8" fill="${colourOf('--graph-card')}" stroke="${border}" stroke-width="${isRoot ? 2 : 1}"${dashes}/>`,
    `<rect x="${tile}" y="${tile}" width="${tileSize}" height="${tileSize}" rx="6" fill="${colour}" fill-opacity="0.12"/>`,
    `<path d="${look.icon}" transform="translate(${tile + 7} ${tile + 7})" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>`,
    `<text x="${text}" y="${IN_CARD.title}" font-size="${TITLE_FONT.size}" font-weight="${TITLE_FONT.weight}" fill="${colourOf('--graph-text')}"${anchor}>${escapeXml(title.text)}</text>`,
    `<text x="${text}" y="${IN_CARD.note}" font-size="${NOTE_FONT.size}" fill="${colourOf('--graph-muted')}">${escapeXml(note.text)}</text>`,
    '</g>',
  ].join('');
}

/** What browsers draw without failing, in pixels: the longest side, and the whole area. */
export const MOST_SIDE = 8_192;
export const MOST_AREA = 32_000_000;
const WANTED_SCALE = 2;

/** How many pixels of a picture stand for one of the drawing: 2, or what is possible. */
export function pictureScale({ width, height }: { readonly width: number; readonly height: number }): number {
  const bySide = Math.min(MOST_SIDE / width, MOST_SIDE / height);
  return Math.min(WANTED_SCALE, bySide, Math.sqrt(MOST_AREA / (width * height)));
}

/** The name of a file: letters, digits, dots and dashes of the name, so that it can be saved anywhere. */
export function fileName(name: string, ending: 'svg' | 'png'): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}.]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return `relations-${plain.slice(0, 100) || 'graph'}.${ending}`;
}
