/** Which addresses from somebody's data may become a link: those that cannot run code in the portal's page. */

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

/** The address, normalised, when it is an absolute http, https or mailto one; null otherwise. */
export function safeUrl(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const url = URL.parse(text);
  return url !== null && SAFE_PROTOCOLS.has(url.protocol) ? url.href : null;
}

/**
 * The web page behind a location such as `url:https://host/file.yaml`; null for files on the server's disk and
 * for anything that is not safe to link to.
 */
export function locationUrl(location: string | null): string | null {
  return location === null ? null : safeUrl(location.replace(/^url:/, ''));
}
