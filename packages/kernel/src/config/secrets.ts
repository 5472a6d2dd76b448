/** What looks like a secret when no schema says so: by the name of its key, or by its form. */

/** What is shown in place of a secret. */
export const MASK = '<secret>';

/** Ends of the last word of keys whose value is secret: `PGPASSWORD`, `accesstoken`. */
const ENDINGS = /(?:password|passwd|passphrase|secret|token|credential|apikey|privatekey)$/;
/** Other last words of such keys. */
const WORDS: ReadonlySet<string> = new Set(['pwd', 'authorization', 'cookie']);
/** Last words of keys that hold nothing but secrets, whatever the keys in them are called. */
const COLLECTIONS: ReadonlySet<string> = new Set('passwords secrets tokens credentials'.split(' '));
/** Words that make a `key` or a `string` secret. */
const KEYS: ReadonlySet<string> = new Set(
  'private api access signing encryption shared account master secret connection'.split(' '),
);

/** `value`: a text or number at this key is secret. `everything`: so is all inside an object there. */
export type NamedSecret = 'value' | 'everything';

/** `clientSecret`, `API_KEY`, `x-api-key`, `privateKey2` and the like; null for other names. */
export function secretByName(key: string): NamedSecret | null {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  if (COLLECTIONS.has(last)) return 'everything';
  if (WORDS.has(last) || ENDINGS.test(last)) return 'value';
  const named = KEYS.has(words.at(-2) ?? '') && ['key', 'keys', 'string'].includes(last);
  return named ? 'value' : null;
}

const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)([^\s/@]+)@/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** A text with the passwords in URLs masked; all of it when it holds a private key. */
export function maskText(text: string): string {
  if (PRIVATE_KEY.test(text)) return MASK;
  return text.replaceAll(URL_PASSWORD, `$1${MASK}@`);
}

/** The parts of a text that `maskText` hides. */
export function secretsInText(text: string): readonly string[] {
  if (PRIVATE_KEY.test(text)) return [text];
  return [...text.matchAll(URL_PASSWORD)].map((match) => match[2] ?? '');
}
