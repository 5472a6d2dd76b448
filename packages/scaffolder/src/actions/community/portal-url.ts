/** A path that a template gives, as an address of the portal's own API. */
import { CodedError } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';

export interface PortalPath {
  /** `/catalog/entities`, `catalog/entities` or `/api/catalog/entities`, with a query or without. */
  readonly path: string;
  /** Added to the query; lists as their JavaScript text, `a,b`. */
  readonly params: JsonObject;
}

/** @throws CodedError 403 `scaffolder/request-refused` for a path that leads out of a plugin's API */
export function portalUrl(
  portal: string,
  { path, params }: PortalPath,
): { readonly url: URL; readonly pluginId: string } {
  const baseUrl = toBase(portal);
  const relative = path.replace(/^\//, '').replace(/^api\//, '');
  const [, pluginId = ''] = /^([A-Za-z0-9_-]+)(?:[/?]|$)/.exec(relative) ?? [];
  const url = pluginId === '' ? null : URL.parse(`${baseUrl}/api/${relative}`);
  // Dots, encoded or not, are resolved by now.
  const isInside = url !== null && `${url.href}/`.startsWith(`${baseUrl}/api/${pluginId}`);
  const rest = url?.href.slice(`${baseUrl}/api/${pluginId}`.length) ?? '';
  if (!isInside || !/^(?:[/?#]|$)/.test(rest) || /[\\\s]/.test(path)) {
    const message = `The path '${path.slice(0, 200)}' is no path of the portal's API. Write it as /catalog/entities.`;
    throw new CodedError(403, 'scaffolder/request-refused', message);
  }
  url.hash = '';
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) url.searchParams.append(name, textOf(value));
  }
  return { url, pluginId };
}

/** A list as its items with commas between. */
function textOf(value: JsonValue): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As addresses are written when they were parsed: no default port, no slash at the end. */
export function toBase(portal: string): string {
  return new URL(portal).href.replace(/\/$/, '');
}
