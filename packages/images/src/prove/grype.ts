/** Grype as a scanner. Its reports name the database that they were made with, and do not list packages. */
import { isObject } from '@callboard/model';
import {
  otherImage,
  parseReport,
  referenceOf,
  scannerCall,
  type ImageScanner,
  type ScannerOptions,
} from './scan.ts';
import { proveError } from './errors.ts';

/** Grype (0.88 and later, and those before with the older form of its descriptor). It does not update its database. */
export function createGrype(options: ScannerOptions = {}): ImageScanner {
  const { call, insecure } = scannerCall('grype', options);
  const cache: Record<string, string> =
    options.cacheDir === undefined ? {} : { GRYPE_DB_CACHE_DIR: options.cacheDir };
  return {
    name: 'grype',
    async scan(image, { signal }) {
      const env = {
        ...cache,
        GRYPE_DB_AUTO_UPDATE: 'false',
        GRYPE_CHECK_FOR_APP_UPDATE: 'false',
        ...(insecure(image.registry) ? { GRYPE_REGISTRY_INSECURE_USE_HTTP: 'true' } : {}),
      };
      const args = [`registry:${referenceOf(image)}`, '--output', 'json', '--quiet', '--config', '/dev/null'];
      const bytes = await call(args, { signal, env });
      const report = parseReport(bytes, 'grype');
      const target = isObject(report['source']) ? report['source']['target'] : null;
      if (!isObject(target) || !namesDigest(target, image.digest)) throw otherImage('grype', image);
      const { version, database } = parseDescriptor(report['descriptor']);
      const distro = isObject(report['distro']) ? report['distro'] : {};
      const [name, release] = [textOf(distro['name']), textOf(distro['version'])];
      return {
        scanner: 'grype',
        scannerVersion: version,
        databaseVersion: database,
        digest: image.digest,
        distro: name === '' ? null : `${name} ${release}`.trim(),
        report: bytes,
        packages: null,
      };
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function namesDigest(target: Record<string, unknown>, digest: string): boolean {
  if (target['manifestDigest'] === digest) return true;
  const digests = Array.isArray(target['repoDigests']) ? target['repoDigests'] : [];
  return digests.some((name) => typeof name === 'string' && name.endsWith(`@${digest}`));
}

/** `{version, db: {status: {schemaVersion, built}}}`, before 0.88 `{version, db: {schemaVersion, built}}`. */
function parseDescriptor(descriptor: unknown): { version: string; database: string } {
  const db = isObject(descriptor) ? descriptor['db'] : null;
  const status = isObject(db) && isObject(db['status']) ? db['status'] : db;
  const version = isObject(descriptor) ? descriptor['version'] : null;
  if (typeof version !== 'string' || !isObject(status) || typeof status['built'] !== 'string') {
    throw proveError(
      'images/scanner-bad-report',
      'The report of grype does not say which database it was made with.',
    );
  }
  return { version, database: `${String(status['schemaVersion'])} of ${status['built']}` };
}
