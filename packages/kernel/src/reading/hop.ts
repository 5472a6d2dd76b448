/**
 * The policy of reading: where a reading starts, where a redirect may go on, and which addresses a host may
 * have. Each throws a CodedError that says what to change in the configuration.
 */
import { isPublicAddress, literalAddress, type Address } from './addresses.ts';
import type { AllowList } from './allow.ts';
import { readingError, shown } from './codes.ts';
import { toRawRequest, type RawRequest } from './forges.ts';
import { toTreeRequest, type BranchQuestion, type TreeRequest } from './forge-trees.ts';
import { integrationFor, PUBLIC_FORGES, withToken, type Integration } from './integration.ts';

/** A URL that may be asked for. */
export interface Hop {
  readonly url: URL;
  /** Its host may have addresses that are not public. */
  readonly allowPrivate: boolean;
}

export interface Policy {
  readonly integrations: readonly Integration[];
  readonly allowList: AllowList;
  readonly lookup: (hostname: string) => Promise<readonly Address[]>;
}

export interface Start {
  readonly hop: Hop;
  readonly request: RawRequest;
  readonly integration: Integration | null;
}

export interface Wish {
  readonly url: string;
  /** For the URL's forge, in place of what is configured. Goes nowhere else. */
  readonly token: string | null;
}

/** The first request for a file: through the forge's API when it is on the host of an integration. */
export function startOf(policy: Policy, wish: Wish): Start {
  const { url, integration } = placeOf(policy, wish);
  const request = integration === null ? null : toRawRequest(url, integration);
  const start = request === null ? null : startAt(policy, request, integration);
  if (start !== null) return start;
  const plain = policy.allowList.byEntry(url);
  if (plain !== null) {
    return { hop: { url, ...plain }, request: { url, headers: {}, encoding: 'identity' }, integration: null };
  }
  if (integration === null) throw notAllowed(url);
  throw readingError(
    'reading/bad-url',
    `'${shown(url)}' does not point to a file of a repository on ${integration.host}. ` +
      'Open the file in a browser and copy its URL.',
  );
}

/** The first request for the archive of a folder, or for the name of the branch that it is to be of. */
export function treeStartOf(
  policy: Policy,
  wish: Wish & { readonly branch: string | null },
): Start & { readonly tree: TreeRequest | BranchQuestion } {
  const { url, integration } = placeOf(policy, wish);
  const tree = integration === null ? null : toTreeRequest(url, integration, wish.branch);
  const start = tree === null ? null : startAt(policy, tree.request, integration);
  if (tree !== null && start !== null) return { ...start, tree };
  if (integration === null && policy.allowList.byEntry(url) === null) throw notAllowed(url);
  throw readingError(
    'reading/bad-url',
    `'${shown(url)}' does not point to a folder of a repository on a forge of integrations. ` +
      'Open the folder in a browser and copy its URL.',
  );
}

function placeOf(
  policy: Policy,
  wish: Wish,
): { readonly url: URL; readonly integration: Integration | null } {
  const url = parseUrl(wish.url);
  const configured = integrationFor(policy.integrations, url);
  const integration =
    configured === null || wish.token === null ? configured : withToken(configured, wish.token);
  return { url, integration };
}

function startAt(policy: Policy, request: RawRequest, integration: Integration | null): Start | null {
  const permission = policy.allowList.byIntegration(request.url);
  return permission === null ? null : { hop: { url: request.url, ...permission }, request, integration };
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw readingError('reading/bad-url', `'${text}' is not an absolute URL.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw readingError('reading/not-allowed', `Only http and https URLs are read, not '${url.protocol}'.`);
  }
  if (url.username !== '' || url.password !== '') {
    const message = `The URL to ${url.host} holds a user name or password. Put them under integrations instead.`;
    throw readingError('reading/bad-url', message);
  }
  return url;
}

function notAllowed(url: URL): Error {
  const forge = integrationFor(PUBLIC_FORGES, url);
  const entry = forge === null ? '' : `integrations.${forge.type}: [{ host: ${url.host} }]`;
  const advice =
    forge === null
      ? `Add { host: '${url.host}' } to backend.reading.allow if it may be read, or list its forge under integrations.`
      : `Add ${entry} to the configuration if it may be read.`;
  return readingError('reading/not-allowed', `Reading from '${shown(url)}' is not allowed. ${advice}`);
}

/** Where a redirect leads. `location` is the header's value. */
export function redirectOf(policy: Policy, from: URL, location: string | undefined): Hop {
  const url = location === undefined ? null : URL.parse(location, from.href);
  if (url === null) {
    throw readingError('reading/redirects', `'${shown(from)}' redirects, but not to a URL.`);
  }
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  const permission = isHttp ? (policy.allowList.byIntegration(url) ?? policy.allowList.byEntry(url)) : null;
  if (permission !== null) return { url, ...permission };
  throw readingError(
    'reading/not-allowed',
    `'${shown(from)}' redirects to '${shown(url)}', which is not allowed. ` +
      `If that is a sign-in page, give the integration of ${from.host} a token; ` +
      `if the file is there, add { host: '${url.host}' } to backend.reading.allow.`,
  );
}

/** The addresses of a hop, all of them checked. */
export async function addressesOf(policy: Policy, { url, allowPrivate }: Hop): Promise<readonly Address[]> {
  const literal = literalAddress(url.hostname);
  const addresses = literal === null ? await policy.lookup(url.hostname) : [literal];
  if (addresses.length === 0) {
    throw readingError('reading/network', `The host '${url.hostname}' has no address.`);
  }
  const inside = addresses.find(({ address }) => !isPublicAddress(address));
  if (inside === undefined || allowPrivate) return addresses;
  throw readingError(
    'reading/private-address',
    `The host '${url.hostname}' has the address ${inside.address}, which is not public, so it is not read. ` +
      `If it is a host of yours, add { host: '${url.host}', allowPrivate: true } to backend.reading.allow, ` +
      'or allowPrivate: true to its integration.',
  );
}
