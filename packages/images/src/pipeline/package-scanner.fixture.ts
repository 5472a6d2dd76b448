/**
 * A double of a scanner for tests: it reads the package database of the pushed image as our own inventory does, and
 * reports, in the form of Trivy's JSON, what a table of advisories says of it. No program and no database of a scanner.
 */
import { createImageView } from '../image/image-view.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Platform } from '../image/image.ts';
import type { InstalledPackage } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { ImageScanner } from '../prove/scan.ts';
import { compareVersions } from '../versions/versions.ts';

/** A vulnerability of a binary package, and the version that is without it. */
export interface Advisory {
  readonly vulnerability: string;
  readonly package: string;
  readonly fixed: string;
}

export interface PackageScannerOptions {
  readonly client: RegistryClient;
  readonly platform: Platform;
  readonly advisories: readonly Advisory[];
}

export function createPackageScanner(options: PackageScannerOptions): ImageScanner {
  const { client, platform, advisories } = options;
  return {
    name: 'trivy',
    async scan(where, { signal }) {
      const image = await client.image({ ...where, reference: where.digest }, platform, { signal });
      const { inventory } = await readInventory(await createImageView(client, image, { signal }));
      const { packages, distro, format } = inventory;
      const found = packages.flatMap((installed) =>
        advisories
          .filter(({ package: name, fixed }) => {
            return name === installed.name && compareVersions(format ?? 'rpm', installed.version, fixed) < 0;
          })
          .map((advisory) => toVulnerability(installed, advisory)),
      );
      const family = distro?.id ?? '';
      const report = {
        SchemaVersion: 2,
        ArtifactName: `${where.registry}/${where.repository}@${where.digest}`,
        ArtifactType: 'container_image',
        Metadata: {
          OS: { Family: family, Name: distro?.version ?? '' },
          RepoDigests: [`${where.registry}/${where.repository}@${where.digest}`],
          DiffIDs: image.config.diffIds,
        },
        Results: [{ Target: family, Class: 'os-pkgs', Type: family, Vulnerabilities: found }],
      };
      return {
        scanner: 'trivy',
        scannerVersion: '0',
        databaseVersion: `${advisories.length} advisories of a test`,
        digest: image.digest,
        distro: `${family} ${distro?.version ?? ''}`,
        report: Buffer.from(JSON.stringify(report)),
        packages: packages.map(({ name, version }) => ({ name, version })),
      };
    },
  };
}

function toVulnerability({ name, version }: InstalledPackage, { vulnerability, fixed }: Advisory): object {
  return {
    VulnerabilityID: vulnerability,
    PkgName: name,
    InstalledVersion: version,
    FixedVersion: fixed,
    Severity: 'HIGH',
    Title: 'A vulnerability of a test',
  };
}
