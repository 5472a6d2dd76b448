/**
 * The names that scanners have for distributions, in the words of os-release, and the package format of each.
 * Inspector writes `UBUNTU_24_04`, Trivy `amazon` and `2 (Karoo)`, Grype `oraclelinux`, OSV `Ubuntu:22.04:LTS`.
 */
import type { AffectedPackage, FoundImage } from './finding.ts';

export type OsKind = Exclude<AffectedPackage['kind'], 'language'>;
export type FoundDistro = NonNullable<FoundImage['distro']>;

/** os-release's `ID` → format. */
const FORMATS: ReadonlyMap<string, OsKind> = new Map([
  ...['debian', 'ubuntu', 'echo'].map((id) => [id, 'deb'] as const),
  ...['alpine', 'wolfi', 'chainguard', 'minimos', 'alpaquita'].map((id) => [id, 'apk'] as const),
  ...['rhel', 'centos', 'fedora', 'rocky', 'almalinux', 'ol', 'amzn', 'photon', 'azurelinux', 'mariner'].map(
    (id) => [id, 'rpm'] as const,
  ),
  ...['sles', 'sl-micro', 'opensuse-leap', 'opensuse-tumbleweed', 'opensuse', 'openEuler', 'mageia'].map(
    (id) => [id, 'rpm'] as const,
  ),
]);

/** Names of scanners, with everything but letters and digits left out → os-release's `ID`. */
const IDS: ReadonlyMap<string, string> = new Map([
  ...[...FORMATS.keys()].map((id) => [plain(id), id] as const),
  ['alpinelinux', 'alpine'],
  ['amazon', 'amzn'],
  ['amazonlinux', 'amzn'],
  ['redhat', 'rhel'],
  ['redhatenterpriselinux', 'rhel'],
  ['enterpriselinux', 'rhel'],
  ['alma', 'almalinux'],
  ['rockylinux', 'rocky'],
  ['centoslinux', 'centos'],
  ['fedoralinux', 'fedora'],
  ['oracle', 'ol'],
  ['oraclelinux', 'ol'],
  ['oraclelinuxserver', 'ol'],
  ['suse', 'sles'],
  ['suselinuxenterpriseserver', 'sles'],
  ['slem', 'sl-micro'],
  ['slemicro', 'sl-micro'],
  ['cblmariner', 'mariner'],
  ['azure', 'azurelinux'],
  ['photonos', 'photon'],
]);

/** Null when the distribution is not known. */
export function formatOf(distro: FoundDistro | null): OsKind | null {
  return distro === null ? null : (FORMATS.get(distro.id) ?? null);
}

/** A name and a version as a scanner has them; null when there is no such distribution. */
export function toDistro(name: string, version: string): FoundDistro | null {
  const id = IDS.get(plain(name));
  return id === undefined ? null : { id, version: toVersion(id, version) };
}

/** Inspector's `UBUNTU_24_04`, `AMAZON_LINUX_2`; the name is what stands before the first digit. */
export function fromPlatform(platform: string): FoundDistro | null {
  const match = /^([A-Za-z_]+?)(?:[_ ]?(\d\w*))?$/.exec(platform.trim());
  if (match === null) return null;
  const [, name = '', version = ''] = match;
  return toDistro(name, version.replaceAll('_', '.'));
}

/** OSV's `Debian:12`, `Ubuntu:Pro:18.04:LTS`, `Alpine:v3.20`, `Red Hat:enterprise_linux:9::baseos`. */
export function fromEcosystem(ecosystem: string): FoundDistro | null {
  const [name = '', ...rest] = ecosystem.split(':');
  const version = rest
    .map((part) => /^(?:v|Leap )?(\d[\w.]*)/.exec(part)?.[1])
    .find((found) => found !== undefined);
  const full = name === 'openSUSE' && rest[0]?.startsWith('Leap') === true ? 'opensuse-leap' : name;
  return toDistro(full, version ?? '');
}

/** The `source` of a vulnerability of Inspector, as `UBUNTU_CVE`: whose tracker it is from. */
export function formatOfTracker(tracker: string): OsKind | null {
  const [name = ''] = tracker.split('_');
  return formatOf(toDistro(name, ''));
}

/** As `VERSION_ID` has it: the major number alone for Debian and Amazon Linux since its second. */
function toVersion(id: string, version: string): string {
  const first = version.trim().split(' ')[0] ?? '';
  if (id === 'debian') return first.split('.')[0] ?? first;
  if (id === 'amzn' && !first.startsWith('201')) return first.split('.')[0] ?? first;
  return first;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
