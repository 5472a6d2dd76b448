/** Reports of scanners about labelled images, in the shapes that are really sent. */
import type { Image } from '../image/image.ts';
import { compareVersions } from '../versions/versions.ts';
import type { Installed } from './labelled-image.fixture.ts';

/** That a package below a version has a vulnerability. */
export interface Advisory {
  readonly vulnerability: string;
  readonly package: string;
  readonly fixed: string;
  readonly severity?: 'CRITICAL' | 'HIGH' | 'MEDIUM';
}

type Reported = Pick<Image, 'registry' | 'repository' | 'digest'> & {
  readonly config: Pick<Image['config'], 'diffIds'>;
};

/** Of Trivy; with `layer` each package is said to have come with that one. */
export function trivyReport({
  image,
  installed,
  advisories,
  layer = null,
  createdAt = '2026-01-01T00:00:00Z',
}: {
  readonly image: Reported;
  readonly installed: Installed;
  readonly advisories: readonly Advisory[];
  readonly layer?: string | null;
  readonly createdAt?: string;
}) {
  const name = `${image.registry}/${image.repository}@${image.digest}`;
  const known = advisories.flatMap((advisory) => {
    const version = installed[advisory.package];
    const isOpen = version !== undefined && compareVersions('deb', version, advisory.fixed) < 0;
    return isOpen ? [{ advisory, version }] : [];
  });
  return {
    SchemaVersion: 2,
    CreatedAt: createdAt,
    ArtifactName: name,
    ArtifactType: 'container_image',
    Metadata: {
      OS: { Family: 'debian', Name: '12.1' },
      RepoDigests: [name],
      DiffIDs: image.config.diffIds,
      ImageConfig: {
        architecture: 'amd64',
        os: 'linux',
        rootfs: { type: 'layers', diff_ids: image.config.diffIds },
      },
    },
    Results: [
      {
        Target: name,
        Class: 'os-pkgs',
        Type: 'debian',
        Vulnerabilities: known.map(({ advisory, version }) => ({
          VulnerabilityID: advisory.vulnerability,
          PkgName: advisory.package,
          InstalledVersion: version,
          FixedVersion: advisory.fixed,
          Severity: advisory.severity ?? 'CRITICAL',
          Status: 'fixed',
          PublishedDate: '2026-01-01T00:00:00Z',
          Title: `${advisory.package}: something is wrong`,
          ...(layer !== null && { Layer: { DiffID: layer } }),
        })),
      },
    ],
  };
}

/** An event of Inspector about one finding. `number` makes its ARN. */
export function inspectorEvent({
  digest,
  repository,
  advisory,
  version,
  number,
  status = 'ACTIVE',
  updatedAt = '2026-01-01T00:00:00Z',
}: {
  readonly digest: string;
  readonly repository: string;
  readonly advisory: Advisory;
  readonly version: string;
  readonly number: number;
  readonly status?: 'ACTIVE' | 'CLOSED' | 'SUPPRESSED';
  readonly updatedAt?: string;
}) {
  const [upstream = '', release = ''] = version.split(/-(?=[^-]*$)/);
  const id = number.toString(16).padStart(32, '0');
  return {
    'detail-type': 'Inspector2 Finding',
    source: 'aws.inspector2',
    time: updatedAt,
    detail: {
      findingArn: `arn:aws:inspector2:eu-west-1:123456789012:finding/${id}`,
      type: 'PACKAGE_VULNERABILITY',
      status,
      severity: advisory.severity ?? 'CRITICAL',
      title: `${advisory.vulnerability} - ${advisory.package}`,
      updatedAt,
      packageVulnerabilityDetails: {
        source: 'DEBIAN_CVE',
        vulnerabilityId: advisory.vulnerability,
        relatedVulnerabilities: [],
        vendorCreatedAt: '2026-01-01T00:00:00Z',
        vulnerablePackages: [
          {
            name: advisory.package,
            version: upstream,
            release,
            epoch: 0,
            arch: 'X86_64',
            packageManager: 'OS',
            fixedInVersion: `0:${advisory.fixed}`,
          },
        ],
      },
      resources: [
        {
          type: 'AWS_ECR_CONTAINER_IMAGE',
          id: `arn:aws:ecr:eu-west-1:123456789012:repository/${repository}/${digest}`,
          details: {
            awsEcrContainerImage: {
              repositoryName: repository,
              architecture: 'X86_64',
              imageHash: digest,
              platform: 'DEBIAN_12',
            },
          },
        },
      ],
    },
  };
}
