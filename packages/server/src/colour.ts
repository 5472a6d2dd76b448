/**
 * Colours of CSS, checked by their grammar, so that what comes from the configuration is a colour and nothing
 * else: hexadecimal, `rgb()`, `hsl()` and the names of CSS Color 4 (https://www.w3.org/TR/css-color-4/).
 */

const HEX = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;
const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)`;
const PART = `${NUMBER}%?`;
const HUE = `${NUMBER}(?:deg|grad|rad|turn)?`;
const RGB = functionOf('rgba?', PART);
const HSL = functionOf('hsla?', HUE);
const LONGEST = 64;

const NAMES = new Set(
  `aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
  cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray
  darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
  darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue
  firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
  hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
  lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue
  lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine
  mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise
  mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered
  orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
  rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue
  slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
  whitesmoke yellow yellowgreen`.split(/\s+/),
);

/** Three parts with commas or blanks between them, and an alpha behind a comma or a slash. */
function functionOf(name: string, first: string): RegExp {
  const commas = `${first} *, *${PART} *, *${PART}(?: *, *${PART})?`;
  const blanks = `${first} +${PART} +${PART}(?: */ *${PART})?`;
  return new RegExp(`^${name}\\( *(?:${commas}|${blanks}) *\\)$`, 'i');
}

/** The colour that a text is, without blanks around it; null when it is none. */
export function parseColour(text: string): string | null {
  const colour = text.trim();
  if (colour.length > LONGEST) return null;
  const isColour =
    HEX.test(colour) || NAMES.has(colour.toLowerCase()) || RGB.test(colour) || HSL.test(colour);
  return isColour ? colour : null;
}
