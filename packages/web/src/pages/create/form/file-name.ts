/** The name of a file in the data URL that holds it, as `data:text/plain;name=key.txt;base64,…`. */

/** Null for anything that is not such a URL. */
export function fileNameOf(url: string): string | null {
  const name = /^data:[^,]*;name=([^;,]*)/.exec(url)?.[1];
  if (name === undefined) return null;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
