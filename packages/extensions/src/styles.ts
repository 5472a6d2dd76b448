/** Makes the styles that an extension imports a part of its module. */

export interface StylesOf {
  /** Empty when it imports none. */
  readonly css: string;
  /** Of the extension; a newer module of the same one takes the place of its styles. */
  readonly file: string;
}

/** The styles are put behind the code, so that its lines stay where the source map has them. */
export function withStyles(code: string, { css, file }: StylesOf): string {
  if (css === '') return code;
  return `${code}
{
  const file = ${JSON.stringify(file)};
  const old = [...document.head.querySelectorAll('style[data-extension]')].find((style) => style.dataset.extension === file);
  const style = old ?? document.head.appendChild(document.createElement('style'));
  style.dataset.extension = file;
  style.textContent = ${JSON.stringify(css)};
}
`;
}
