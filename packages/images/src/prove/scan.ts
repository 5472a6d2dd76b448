/**
 * What a scanner says of an image at a digest. A scan is evidence only together with which program made it, with which
 * database, and which digest it says it looked at; what a scanner could be talked into (ignore files, settings of the
 * folder it runs in, variables of our environment) is shut off.
 */
import { messageOf } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import type { Digest, ImageAt } from '../image/image.ts';
import { isLoopbackRegistry } from '../image/registry-address.ts';
import { proveError } from './errors.ts';
import { runProgram, type RunProgram } from './run-program.ts';

export type ScannerName = 'trivy' | 'grype';

export interface ImageScanner {
  readonly name: ScannerName;
  /** Rejects with a `CodedError` `images/scanner-…`. */
  scan(image: ImageAt, options: { readonly signal: AbortSignal }): Promise<ScanResult>;
}

export interface ScanResult {
  readonly scanner: ScannerName;
  readonly scannerVersion: string;
  /** Equal for the same content. */
  readonly databaseVersion: string;
  /** What the report says it is about. */
  readonly digest: Digest;
  /** In the words of the scanner, as `debian 11.11`; null when it recognised none. */
  readonly distro: string | null;
  /** The report, as it was printed. */
  readonly report: Buffer;
  /** Packages of the distribution that it saw; null when its reports do not list them. */
  readonly packages: readonly ScannedPackage[] | null;
}

export interface ScannedPackage {
  readonly name: string;
  /** Whole: `[epoch:]version[-release]`. */
  readonly version: string;
}

export interface ScannerOptions {
  /** The program by path or name. Default: the name of the scanner. */
  readonly program?: string;
  /** Where it keeps its database. Default: its own place. */
  readonly cacheDir?: string;
  /** What it sees of an environment: `PATH`, `HOME`, proxies, credentials of registries. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether a registry is spoken to in plain HTTP. Default: those of this machine. */
  readonly insecure?: (registry: string) => boolean;
  /** Milliseconds for one call. Default: 10 minutes. */
  readonly timeout?: number;
  /** For tests. */
  readonly run?: RunProgram;
}

const TEN_MINUTES = 600_000;
const MAX_REPORT = 256 * 1024 * 1024;

/** Runs a scanner to its end and gives what it printed. */
export function scannerCall(name: ScannerName, options: ScannerOptions) {
  const { program = name, timeout = TEN_MINUTES, run = runProgram, insecure = isLoopbackRegistry } = options;
  const call = async (
    args: readonly string[],
    given: { readonly signal: AbortSignal; readonly env: Readonly<Record<string, string>> },
  ): Promise<Buffer> => {
    const env = { ...options.env, ...given.env };
    const output = await run([program, ...args], {
      env,
      signal: given.signal,
      timeout,
      maxOutput: MAX_REPORT,
    }).catch((cause: unknown) => {
      const missing = isObject(cause) && cause['code'] === 'ENOENT';
      const code = missing ? 'images/scanner-missing' : 'images/scanner-failed';
      throw proveError(code, `${name} could not be run: ${messageOf(cause)}`, cause);
    });
    if (output.exitCode === 0) return output.stdout;
    const said = output.stderr.trim().slice(-500);
    const why = said === '' ? ' and said nothing' : `: ${said}`;
    throw proveError('images/scanner-failed', `${name} ended with ${output.exitCode ?? 'a signal'}${why}`);
  };
  return { call, insecure };
}

/** No update between two scans; no settings or ignore files of the folder that we happen to run in. */
const TRIVY_ARGS: readonly string[] = [
  '--skip-db-update',
  '--offline-scan',
  '--quiet',
  '--scanners=vuln',
  '--list-all-pkgs',
  '--format=json',
  '--config=/dev/null',
  '--ignorefile=/dev/null',
];

/** Trivy (0.50 and later). The database must be there; it is not brought up to date, so that two scans can be compared. */
export function createTrivy(options: ScannerOptions = {}): ImageScanner {
  const { call, insecure } = scannerCall('trivy', options);
  const cache = options.cacheDir === undefined ? [] : ['--cache-dir', options.cacheDir];
  const versions = async (signal: AbortSignal): Promise<TrivyVersions> =>
    parseTrivyVersions(await call([...cache, 'version', '--format', 'json'], { signal, env: {} }));
  return {
    name: 'trivy',
    async scan(image, { signal }) {
      const before = await versions(signal);
      const env: Record<string, string> = insecure(image.registry) ? { TRIVY_NON_SSL: 'true' } : {};
      const args = ['image', '--image-src', 'remote', ...cache, ...TRIVY_ARGS, referenceOf(image)];
      const report = await call(args, { signal, env });
      const after = await versions(signal);
      if (after.database !== before.database) {
        const message = `The database of trivy was ${before.database} and is ${after.database}. Scan again.`;
        throw proveError('images/scanner-database-changed', message);
      }
      return {
        scanner: 'trivy',
        scannerVersion: before.program,
        databaseVersion: before.database,
        report,
        ...parseTrivyScan(report, image),
      };
    },
  };
}

/** `registry/repository@digest`. */
export function referenceOf({ registry, repository, digest }: ImageAt): string {
  return `${registry}/${repository}@${digest}`;
}

interface TrivyVersions {
  readonly program: string;
  readonly database: string;
}

function parseTrivyVersions(bytes: Buffer): TrivyVersions {
  const said = parseReport(bytes, 'trivy');
  const database = said['VulnerabilityDB'];
  if (
    typeof said['Version'] !== 'string' ||
    !isObject(database) ||
    typeof database['UpdatedAt'] !== 'string'
  ) {
    const message =
      'trivy has no vulnerability database. Let it fetch one: `trivy image --download-db-only`.';
    throw proveError('images/scanner-failed', message);
  }
  return { program: said['Version'], database: `${String(database['Version'])} of ${database['UpdatedAt']}` };
}

function parseTrivyScan(bytes: Buffer, image: ImageAt): Pick<ScanResult, 'digest' | 'distro' | 'packages'> {
  const report = parseReport(bytes, 'trivy');
  const metadata = isObject(report['Metadata']) ? report['Metadata'] : {};
  const digests = Array.isArray(metadata['RepoDigests']) ? metadata['RepoDigests'] : [];
  if (!digests.some((name) => typeof name === 'string' && name.endsWith(`@${image.digest}`))) {
    throw otherImage('trivy', image);
  }
  const os = isObject(metadata['OS']) ? metadata['OS'] : null;
  const results = Array.isArray(report['Results']) ? report['Results'].filter(isObject) : [];
  const packages = results
    .filter((result) => result['Class'] === 'os-pkgs')
    .flatMap((result) => (Array.isArray(result['Packages']) ? result['Packages'] : []))
    .filter(isObject)
    .map((entry) => ({ name: String(entry['Name']), version: trivyVersion(entry) }));
  const distro = os === null ? null : `${String(os['Family'])} ${String(os['Name'])}`;
  return { digest: image.digest, distro, packages };
}

/** Trivy takes versions apart; 0 and absent are the same epoch. */
function trivyVersion(entry: Record<string, unknown>): string {
  const { Epoch: epoch, Version: version, Release: release } = entry;
  const head = typeof epoch === 'number' && epoch !== 0 ? `${epoch}:` : '';
  const tail = typeof release === 'string' && release !== '' ? `-${release}` : '';
  return `${head}${String(version)}${tail}`;
}

/** @throws CodedError `images/scanner-bad-report` */
export function parseReport(bytes: Buffer, name: ScannerName): Record<string, unknown> {
  let report: unknown;
  try {
    report = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw proveError('images/scanner-bad-report', `${name} printed something that is not JSON.`, cause);
  }
  if (!isObject(report)) throw proveError('images/scanner-bad-report', `${name} printed no JSON object.`);
  return report;
}

export function otherImage(name: ScannerName, image: ImageAt): Error {
  return proveError(
    'images/scanner-bad-report',
    `The report of ${name} does not say that it is about ${referenceOf(image)}.`,
  );
}
