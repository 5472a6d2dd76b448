/**
 * What of the known vulnerabilities still affects a patched image: OpenVEX 0.2.0. Nothing is called fixed because it
 * was to be fixed: a status says what the scan of the patched image found.
 */
import { createHash } from 'node:crypto';
import type { ImageAt } from '../image/image.ts';
import type { InstalledPackage, Inventory } from '../inventory/inventory.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { Finding } from '../receive/finding.ts';
import { imagePurl, packagePurl } from './purl.ts';

export interface VexRequest {
  readonly image: ImageAt;
  /** Of the image before the patch. */
  readonly before: readonly Finding[];
  /** Of the patched image, by the same scanner with the same database. */
  readonly after: readonly Finding[];
  /** Of the patched image. */
  readonly inventory: Inventory;
  /** Who says so, as an e-mail address or a name. */
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

/** `predicateType` of it in an attestation: without a version, as OpenVEX asks in ATTESTING.md and scanners look for it. */
export const OPENVEX = 'https://openvex.dev/ns';
const CONTEXT = 'https://openvex.dev/ns/v0.2.0';

export interface VexStatement {
  readonly vulnerability: { readonly name: string; readonly aliases?: readonly string[] };
  readonly products: readonly VexProduct[];
  readonly status: 'fixed' | 'affected' | 'not_affected';
  readonly justification?: 'component_not_present';
  /** For `affected`. */
  readonly action_statement?: string;
}

interface VexProduct {
  readonly '@id': string;
  readonly identifiers: { readonly purl: string };
  readonly hashes: { readonly 'sha-256': string };
  readonly subcomponents: readonly { readonly '@id': string }[];
}

export interface VexDocument {
  readonly '@context': typeof CONTEXT;
  readonly '@id': string;
  readonly author: string;
  readonly timestamp: string;
  readonly version: 1;
  readonly tooling: 'callboard';
  readonly statements: readonly VexStatement[];
}

/** One statement for each vulnerability and package; only packages of the distribution. */
export function toVex(request: VexRequest): VexDocument {
  const after = new Map(pairsOf(request.after).map((pair) => [pair.key, pair]));
  const all = new Map([...pairsOf(request.before).map((pair) => [pair.key, pair] as const), ...after]);
  const statements = [...all.values()]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map((pair) => toStatement(request, pair, after.get(pair.key)));
  const timestamp = new Date(request.madeAt).toISOString();
  const content = {
    author: request.author,
    timestamp,
    version: 1,
    tooling: 'callboard',
    statements,
  } as const;
  // Of what is said, so that two documents have one name only when they say the same.
  const hash = createHash('sha256').update(canonicalJson(content)).digest('hex');
  return { '@context': CONTEXT, '@id': `urn:callboard:vex:${hash}`, ...content };
}

interface Pair {
  readonly key: string;
  readonly finding: Finding;
  readonly name: string;
  readonly fixedVersion: string | null;
}

function pairsOf(findings: readonly Finding[]): readonly Pair[] {
  return findings
    .filter(({ status }) => status !== 'closed')
    .flatMap((finding) =>
      finding.packages
        .filter(({ kind }) => kind !== 'language')
        .map(({ name, fixedVersion }) => ({
          key: `${finding.vulnerability} ${name}`,
          finding,
          name,
          fixedVersion,
        })),
    );
}

function toStatement(request: VexRequest, pair: Pair, still: Pair | undefined): VexStatement {
  const installed = request.inventory.packages.filter(({ name }) => name === pair.name);
  const { vulnerability: name, aliases } = pair.finding;
  const common = {
    vulnerability: aliases.length === 0 ? { name } : { name, aliases },
    products: [toProduct(request, pair, installed)],
  };
  if (still !== undefined) {
    const fix = still.fixedVersion;
    const action =
      fix === null ? 'No fix is known. Wait for one.' : `Upgrade ${pair.name} to ${fix} or later.`;
    return { ...common, status: 'affected', action_statement: action };
  }
  if (installed.length > 0) return { ...common, status: 'fixed' };
  return { ...common, status: 'not_affected', justification: 'component_not_present' };
}

function toProduct(request: VexRequest, pair: Pair, installed: readonly InstalledPackage[]): VexProduct {
  const { image, inventory } = request;
  const context = { format: inventory.format ?? 'deb', distro: inventory.distro };
  const purl = imagePurl(image);
  const gone = {
    '@id': `pkg:${context.format}/${inventory.distro?.id ?? 'unknown'}/${encodeURIComponent(pair.name)}`,
  };
  const there = installed.map((one) => ({ '@id': packagePurl(one, context) }));
  return {
    '@id': purl,
    identifiers: { purl },
    hashes: { 'sha-256': image.digest.slice('sha256:'.length) },
    subcomponents: there.length === 0 ? [gone] : there,
  };
}
