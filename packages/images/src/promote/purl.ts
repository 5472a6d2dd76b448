/** Package URLs (purl) of images and of packages of a distribution, by which SBOM, VEX and provenance name them. */
import { PackageURL } from 'packageurl-js';
import type { ImageAt } from '../image/image.ts';
import type { Distro, InstalledPackage, PackageFormat } from '../inventory/inventory.ts';

/** As `pkg:oci/debian@sha256:…?repository_url=registry.example.com%2Fgolden%2Fdebian`. */
export function imagePurl({ registry, repository, digest }: ImageAt): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  const url = { repository_url: `${registry}/${repository}` };
  return new PackageURL('oci', undefined, name, digest, url, undefined).toString();
}

export interface PurlContext {
  readonly format: PackageFormat;
  readonly distro: Distro | null;
}

/** As `pkg:deb/debian/openssl@1.1.1w-0+deb11u2?arch=amd64&distro=debian-11`; for rpm the epoch is a qualifier. */
export function packagePurl(one: InstalledPackage, { format, distro }: PurlContext): string {
  const colon = format === 'rpm' ? one.version.indexOf(':') : -1;
  const qualifiers = {
    arch: one.architecture,
    ...(distro === null
      ? {}
      : { distro: distro.version === '' ? distro.id : `${distro.id}-${distro.version}` }),
    ...(colon === -1 ? {} : { epoch: one.version.slice(0, colon) }),
  };
  const version = one.version.slice(colon + 1);
  return new PackageURL(format, distro?.id, one.name, version, qualifiers, undefined).toString();
}
