/** Texts for a drawing, where nothing wraps by itself: cut to a width, and told their direction. */

/** The width of a text in pixels. */
export type MeasureText = (text: string) => number;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** No card shows more than this; longer texts are not measured as a whole. */
const MOST_LETTERS = 120;
const RIGHT_TO_LEFT =
  /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The text when it fits; otherwise as much of its beginning as fits, with an ellipsis. Letters stay whole. */
export function fitText(text: string, width: number, measure: MeasureText): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= MOST_LETTERS && measure(line) <= width) return line;
  const letters = [...segmenter.segment(line.slice(0, MOST_LETTERS))].map(({ segment }) => segment);
  let [fits, tooLong] = [0, letters.length + 1];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (measure(`${letters.slice(0, middle).join('').trimEnd()}…`) <= width) fits = middle;
    else tooLong = middle;
  }
  return `${letters.slice(0, fits).join('').trimEnd()}…`;
}

/** The direction of a text by its first letter. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(text) ? 'rtl' : 'ltr';
}

/** Measures with a canvas; each text once. `font` as in CSS. */
export function createMeasure(font: string): MeasureText {
  const context = document.createElement('canvas').getContext('2d');
  if (context !== null) context.font = font;
  const widths = new Map<string, number>();
  return (text) => {
    const known = widths.get(text);
    if (known !== undefined) return known;
    // Without a canvas: a letter is a little more than half as wide as it is high.
    const width = context?.measureText(text).width ?? text.length * 7.5;
    widths.set(text, width);
    return width;
  };
}
