/** Which callboard this is. */
import { readFileSync } from 'node:fs';

/** As in package.json, `0.1.0`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
