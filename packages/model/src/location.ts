/** Location references, `type:target`: where a document is, such as `url:https://…/catalog-info.yaml`. */
import { ModelError } from './error.ts';

export interface LocationRef {
  /** `url`, `file`, or a type that a plugin reads. */
  readonly type: string;
  readonly target: string;
}

const CONTROL_OR_SPACE = 0x20;

/**
 * True of a URL that would run a script when a browser follows it. Browsers skip blanks and control
 * characters before `javascript:`, and line breaks and tabs inside it.
 */
export function isScriptUrl(url: string): boolean {
  let start = 0;
  while (url.charCodeAt(start) <= CONTROL_OR_SPACE) start += 1;
  const seenByBrowser = url.slice(start).replaceAll(/[\r\n\t]/g, '');
  return seenByBrowser.slice(0, 'javascript:'.length).toLowerCase() === 'javascript:';
}

/**
 * Reads a location reference; blanks around its parts are dropped. Null when a part is missing, when it is
 * a bare http(s) URL (write `url:` before it), and when the target is a script.
 */
export function parseLocationRef(text: string): LocationRef | null {
  const colon = text.indexOf(':');
  if (colon === -1) return null;
  const type = text.slice(0, colon).trim();
  const target = text.slice(colon + 1).trim();
  if (type === '' || target === '' || type === 'http' || type === 'https') return null;
  return isScriptUrl(target) ? null : { type, target };
}

/**
 * The text of a location reference.
 * @throws ModelError `model/bad-location` for what no text can stand for: an empty part, a script.
 */
export function stringifyLocationRef(ref: LocationRef): string {
  const { type, target } = ref;
  if (type === '' || target === '') throw badLocation(ref, 'its type or its target is empty');
  if (isScriptUrl(target)) throw badLocation(ref, 'its target is a script');
  return `${type}:${target}`;
}

/**
 * The name of the Location entity that stands for a registered location: `generated-` and a SHA-1.
 * @param sha1Hex the lower-case hexadecimal SHA-1 of the UTF-8 bytes of a text.
 */
export function locationEntityName(ref: LocationRef, sha1Hex: (text: string) => string): string {
  return `generated-${sha1Hex(`${ref.type}:${ref.target}`)}`;
}

function badLocation(ref: LocationRef, reason: string): ModelError {
  return new ModelError(
    'model/bad-location',
    `The location "${ref.type}:${ref.target}" is not usable: ${reason}.`,
  );
}
