/**
 * Image references as people write them: `debian`, `ghcr.io/org/app:1.2`, `localhost:5000/app@sha256:…`.
 * Grammar and defaults are those of Docker (github.com/distribution/reference), so that one text means one image.
 */
import { parseDigest } from './digest.ts';
import type { Digest } from './image.ts';
import { quoted, registryError } from './registry-errors.ts';

export interface Reference {
  /** Host and port; `docker.io` when the text names none. */
  readonly registry: string;
  /** As `library/debian`. */
  readonly repository: string;
  /** `latest` when the text has neither tag nor digest; null when it has only a digest. */
  readonly tag: string | null;
  readonly digest: Digest | null;
}

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const MAX_TEXT = 1_000;
const MAX_REPOSITORY = 255;

/** @throws CodedError `images/registry-bad-reference` whose message says which part is wrong and how it would be right. */
export function parseReference(text: string): Reference {
  const wrong = (why: string): Error =>
    registryError('images/registry-bad-reference', `${quoted(text)} is no image reference: ${why}.`);
  if (text === '') throw wrong('it is empty');
  if (text.length > MAX_TEXT) throw wrong(`it has more than ${MAX_TEXT} characters`);
  if (text.trim() !== text) throw wrong('it has blanks around it');
  if (text.includes('://')) throw wrong('it begins with a scheme; write host/repository:tag');

  const at = text.indexOf('@');
  const named = at === -1 ? text : text.slice(0, at);
  const digest = at === -1 ? null : parseDigest(text.slice(at + 1));
  if (at !== -1 && digest === null) {
    throw wrong('what follows the @ is not sha256: and 64 lower-case hexadecimal digits');
  }
  // A colon before a slash belongs to the port.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon === -1 ? null : named.slice(colon + 1);
  if (tag !== null && !isTag(tag)) {
    throw wrong(
      'its tag has to be 1 to 128 letters, digits, underscores, dots and dashes, and not to begin with . or -',
    );
  }
  const { registry, repository } = splitName(colon === -1 ? named : named.slice(0, colon));
  const fault = registryFault(registry) ?? repositoryFault(repository);
  if (fault !== null) throw wrong(fault);
  return { registry, repository, tag: tag ?? (digest === null ? 'latest' : null), digest };
}

/** As it is written in full, with the tag and the digest when it has both. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  const tagged = tag === null ? '' : `:${tag}`;
  return `${registry}/${repository}${tagged}${digest === null ? '' : `@${digest}`}`;
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** What is wrong with a host and port; null when nothing is. */
export function registryFault(registry: string): string | null {
  const port = Number(/:(\d+)$/.exec(registry)?.[1] ?? 443);
  if (!HOST.test(registry) || registry.length > 262)
    return `its registry ${quoted(registry)} is no host name`;
  return port >= 1 && port <= 65_535 ? null : `its port ${port} is not between 1 and 65535`;
}

/** What is wrong with a repository's name; null when nothing is. */
export function repositoryFault(repository: string): string | null {
  if (repository === '') return 'it names no repository';
  if (repository.length > MAX_REPOSITORY) return `its repository has more than ${MAX_REPOSITORY} characters`;
  if (repository !== repository.toLowerCase()) return 'its repository has to be in lower case';
  const bad = repository.split('/').find((component) => !COMPONENT.test(component));
  if (bad === undefined) return null;
  return bad === ''
    ? 'its repository has an empty part between slashes'
    : `${quoted(bad)} cannot be part of it`;
}

/** Docker's rule: what precedes the first slash is a host when it could not be a part of a name, or is `localhost`. */
function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const lower = first.toLowerCase();
  const isHost = looksLikeHost(lower) || first !== lower;
  // A short name that only its capitals tell from a part of a repository keeps them, or it would be read as one later.
  const host = looksLikeHost(lower) ? lower : first;
  const registry = isHost ? host : 'docker.io';
  const repository = isHost ? name.slice(slash + 1) : name;
  if (registry !== 'docker.io' && registry !== 'index.docker.io') return { registry, repository };
  return {
    registry: 'docker.io',
    repository: repository.includes('/') ? repository : `library/${repository}`,
  };
}

function looksLikeHost(first: string): boolean {
  return /[.:[]/.test(first) || first === 'localhost';
}
