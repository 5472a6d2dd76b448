/**
 * Where requests may go. A registry chooses token endpoints, redirects and upload addresses; whoever controls one
 * must not be able to send us, or what lets us in, to another service of our network.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { quoted, registryError } from './registry-errors.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Link-local addresses, where clouds serve credentials to machines, and AWS's address for the same over IPv6. */
const METADATA = new BlockList();
METADATA.addSubnet('169.254.0.0', 16, 'ipv4');
METADATA.addSubnet('fe80::', 10, 'ipv6');
METADATA.addAddress('fd00:ec2::254', 'ipv6');
METADATA.addSubnet('0.0.0.0', 8, 'ipv4');
METADATA.addAddress('::', 'ipv6');
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'instance-data',
]);

/** The address of a registry's API, as `https://registry.example.com/v2/`; Docker Hub's is not at its name. */
export function apiOf(registry: string, insecure: (registry: string) => boolean): URL {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  return new URL(`${insecure(registry) ? 'http' : 'https'}://${host}/v2/`);
}

/** Whether a registry, as host and port, is on this machine. */
export function isLoopbackRegistry(registry: string): boolean {
  const url = URL.parse(`http://${registry}`);
  return url !== null && isLoopback(url.hostname);
}

/**
 * The address that a registry names, resolved against the one that it was asked at.
 * Only literal addresses and well-known names are judged; what a name resolves to is not looked up.
 * @throws CodedError `images/registry-forbidden-address`, `images/registry-bad-answer`
 */
export function nextAddress(from: URL, location: string | null): URL {
  const to = location === null ? null : URL.parse(location, from.href);
  if (to === null || location === null) {
    throw registryError('images/registry-bad-answer', `${from.host} names no address where it has to.`);
  }
  const why = whyForbidden(from, to);
  if (why === null) return to;
  // The query may hold what lets somebody in, so only the host is shown.
  const message = `${from.host} sends us to ${quoted(to.host)}, ${why}.`;
  throw registryError('images/registry-forbidden-address', message);
}

function whyForbidden(from: URL, to: URL): string | null {
  if (to.protocol !== 'https:' && to.protocol !== 'http:') return 'which is neither https nor http';
  if (from.protocol === 'https:' && to.protocol === 'http:') return 'from https to http';
  if (to.username !== '' || to.password !== '') return 'with a user name in the address';
  if (isMetadata(to.hostname)) return 'an address of this machine or its cloud';
  if (isLoopback(to.hostname) && !isLoopback(from.hostname)) return 'which is this machine';
  return null;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIn(LOOPBACK, bareAddress(hostname));
}

function isMetadata(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  return METADATA_NAMES.has(name) || isIn(METADATA, bareAddress(hostname));
}

/** A URL has IPv6 addresses in brackets. */
function bareAddress(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function isIn(list: BlockList, address: string): boolean {
  if (isIPv4(address)) return list.check(address, 'ipv4');
  return isIPv6(address) && list.check(address, 'ipv6');
}
