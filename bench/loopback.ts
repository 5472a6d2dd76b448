/** The benchmarks put load on this machine only; this is where an address is held to that. */

const LOOPBACK_NAMES: readonly string[] = ['localhost', '[::1]'];
const LOOPBACK_IPV4 = /^127(?:\.\d{1,3}){3}$/;

/** Parses an address. Throws an Error unless it is `http://` on localhost, 127.0.0.0/8 or ::1. */
export function loopbackUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new Error(`not a URL: ${text}`);
  if (url.protocol !== 'http:') throw new Error(`plain http only, not ${url.protocol} (${text})`);
  if (LOOPBACK_NAMES.includes(url.hostname) || LOOPBACK_IPV4.test(url.hostname)) return url;
  throw new Error(`loopback addresses only, not ${url.hostname} (${text})`);
}
