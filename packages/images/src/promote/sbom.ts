/**
 * The software bill of materials of an image, from its own package database: CycloneDX 1.6 as JSON. Equal images at
 * equal times have equal ones. What no package manager knows is not in it.
 */
import { createHash } from 'node:crypto';
import type { ImageAt } from '../image/image.ts';
import type { InstalledPackage, Inventory } from '../inventory/inventory.ts';
import { imagePurl, packagePurl, type PurlContext } from './purl.ts';

export interface SbomRequest {
  readonly image: ImageAt;
  readonly inventory: Inventory;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

/** `predicateType` of it in an attestation. */
export const CYCLONEDX = 'https://cyclonedx.org/bom';

export function toSbom({ image, inventory, madeAt }: SbomRequest): Readonly<Record<string, unknown>> {
  const { distro, packages } = inventory;
  const context: PurlContext = { format: inventory.format ?? 'deb', distro };
  const itself = imagePurl(image);
  const refs = new Map(packages.map((one) => [one, packagePurl(one, context)]));
  const system =
    distro === null
      ? []
      : [
          {
            type: 'operating-system',
            'bom-ref': `os:${distro.id}`,
            name: distro.id,
            version: distro.version,
          },
        ];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`${image.registry}/${image.repository}@${image.digest} ${madeAt}`)}`,
    version: 1,
    metadata: {
      timestamp: new Date(madeAt).toISOString(),
      tools: { components: [{ type: 'application', name: 'callboard' }] },
      component: {
        type: 'container',
        'bom-ref': itself,
        name: `${image.registry}/${image.repository}`,
        version: image.digest,
        purl: itself,
        hashes: [{ alg: 'SHA-256', content: image.digest.slice('sha256:'.length) }],
      },
    },
    components: [...system, ...unique([...refs]).map(([one, ref]) => toComponent(one, ref))],
    dependencies: [
      { ref: itself, dependsOn: [...new Set(refs.values())].toSorted() },
      ...toDependencies(refs),
    ],
  };
}

function toComponent(one: InstalledPackage, ref: string): Readonly<Record<string, unknown>> {
  return {
    type: 'library',
    'bom-ref': ref,
    name: one.name,
    version: one.version,
    purl: ref,
    properties: [
      { name: 'callboard:source:name', value: one.source.name },
      { name: 'callboard:source:version', value: one.source.version },
    ],
  };
}

function unique<T>(entries: readonly (readonly [T, string])[]): readonly (readonly [T, string])[] {
  const seen = new Set<string>();
  return entries.filter(([, ref]) => !seen.has(ref) && seen.add(ref));
}

/** What each package needs of those that are there. */
function toDependencies(refs: ReadonlyMap<InstalledPackage, string>): readonly object[] {
  const providers = new Map<string, string>();
  for (const [one, ref] of refs) for (const name of one.provides) providers.set(name, ref);
  for (const [one, ref] of refs) providers.set(one.name, ref);
  return unique([...refs]).map(([one, ref]) => {
    const needs = one.depends.map((anyOf) => anyOf.map((name) => providers.get(name)).find((found) => found));
    const dependsOn = needs.filter((need): need is string => need !== undefined && need !== ref);
    return { ref, dependsOn: [...new Set(dependsOn)].toSorted() };
  });
}

/** A UUID of version 8 (RFC 9562): ours to fill, here out of a hash. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
