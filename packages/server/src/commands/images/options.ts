/** The options that the commands on images share: what they are called, what they mean, and how they are read. */
import { basename, resolve } from 'node:path';
import {
  parsePolicy,
  parseReference,
  SEVERITIES,
  type Platform,
  type Policy,
  type Reference,
  type Severity,
  type ToolsDeps,
} from '@callboard/images';
import { messageOf } from '@callboard/kernel';
import { UsageError } from '../context.ts';

export const COMMON_OPTIONS = {
  record: { type: 'string', default: 'callboard-patch' },
  insecure: { type: 'string', multiple: true },
  quiet: { type: 'boolean' },
} as const;

export const IMAGE_OPTIONS = { platform: { type: 'string' } } as const;

export const SCAN_OPTIONS = {
  scanner: { type: 'string', default: 'trivy' },
  'scanner-cache': { type: 'string' },
} as const;

export const ENGINE_OPTIONS = {
  engine: { type: 'string' },
  mirror: { type: 'string', multiple: true },
} as const;

export const PLAN_OPTIONS = {
  report: { type: 'string', multiple: true },
  severity: { type: 'string', default: 'critical,high' },
  'after-end-of-life': { type: 'string', default: 'defer' },
  approve: { type: 'string' },
} as const;

export const KEY_OPTIONS = {
  key: { type: 'string' },
  author: { type: 'string', default: 'callboard' },
} as const;

export const COMMON_HELP = `  --record FOLDER      where what was found, planned and proved is written; default: callboard-patch
  --insecure HOST      a registry that speaks http, as registry.example.com:5000; those of this machine do; repeatable
  --quiet              no lines about what is going on`;

export const PLATFORM_HELP = '  --platform P         as linux/arm64; default: that of this machine';

export const SCAN_HELP = `  --scanner NAME       trivy (default) or grype, or its path
  --scanner-cache DIR  where the scanner has its database`;

export const ENGINE_HELP = `  --engine NAME        node, buildah or docker; default: the first that works here
  --mirror FILE        package sources in place of the image's own, as *.list or *.repo; repeatable`;

export const PLAN_HELP = `  --report FILE        findings of Inspector, Trivy, Grype or OSV beside those of the scan; repeatable
  --severity LIST      which findings count; default: critical,high
  --after-end-of-life  defer (default) or patch with what the mirror still has
  --approve REASON     agree to a plan that asks for a person; kept in the record, and good for this very plan`;

export const KEY_HELP = `  --key FILE           private key as PEM (Ed25519 or ECDSA P-256): seals the verdict, and attaches SBOM, VEX,
                       provenance and verdict to the image, signed
  --author NAME        who says so, in these; default: callboard`;

export const LOGIN_HELP =
  'Registries are logged in to as docker is: by its configuration, and the credential helpers that it names.';

/** The one image that a command is about. */
export function readImage(positionals: readonly string[]): Reference {
  const [text, ...others] = positionals;
  if (text === undefined || others.length > 0) throw new UsageError('It takes one image');
  return toReference(text);
}

/** As `readImage`, with the tag that is to be moved. */
export function readTagged(positionals: readonly string[]): Reference & { readonly tag: string } {
  const { tag, ...reference } = readImage(positionals);
  if (tag === null) throw new UsageError('It takes an image with the tag that is moved');
  return { ...reference, tag };
}

export function toReference(text: string): Reference {
  try {
    return parseReference(text);
  } catch (error) {
    throw new UsageError(messageOf(error).replace(/\.$/, ''), { cause: error });
  }
}

export function readPlatform({ platform }: { readonly platform?: string | undefined }): Platform {
  const parts = (platform ?? hostPlatform()).split('/');
  const [os = '', architecture = '', variant = null, ...more] = parts;
  const isWhole = parts.every((part) => /^[a-z0-9._-]+$/.test(part)) && architecture !== '';
  if (!isWhole || more.length > 0) throw new UsageError('--platform is written as linux/amd64');
  return { os, architecture, variant };
}

function hostPlatform(): string {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm: 'arm/v7' };
  return `linux/${names[process.arch] ?? process.arch}`;
}

export function readPolicy({ severity }: { readonly severity: string }): Policy {
  return parsePolicy({ severities: severity.split(',').map((name) => toSeverity('--severity', name)) });
}

/** Of an option whose value has to be a severity, or a list of them. */
export function toSeverity(option: string, name: string): Severity {
  const found = SEVERITIES.find((severity) => severity === name.trim());
  if (found === undefined) throw new UsageError(`${option} knows ${SEVERITIES.join(', ')}`);
  return found;
}

/** The values that say what does the work; a command has those that it needs. */
export interface ToolValues {
  readonly insecure?: readonly string[] | undefined;
  readonly scanner?: string | undefined;
  readonly 'scanner-cache'?: string | undefined;
  readonly engine?: string | undefined;
  readonly 'after-end-of-life'?: string | undefined;
}

const ENGINES = ['node', 'buildah', 'docker'];

export function readToolSettings(values: ToolValues, here: string): ToolsDeps['settings'] {
  const { insecure = [], scanner = 'trivy', 'scanner-cache': cache, engine } = values;
  const [kind] = /^(?:trivy|grype)/.exec(basename(scanner)) ?? [];
  if (kind !== 'trivy' && kind !== 'grype') {
    throw new UsageError('--scanner is trivy or grype, or the path of one');
  }
  if (engine !== undefined && !ENGINES.includes(engine)) {
    throw new UsageError(`--engine is one of ${ENGINES.join(', ')}`);
  }
  return {
    registries: insecure.map((host) => ({ host, login: null, insecure: true })),
    scanner: {
      kind,
      program: scanner.includes('/') ? resolve(here, scanner) : scanner,
      cacheDir: cache === undefined ? null : resolve(here, cache),
    },
    engine: engine ?? null,
    planner: { afterEndOfLife: toAfterEndOfLife(values), model: null, asks: 'residue' },
  };
}

function toAfterEndOfLife({ 'after-end-of-life': after = 'defer' }: ToolValues): 'defer' | 'patch' {
  if (after === 'defer' || after === 'patch') return after;
  throw new UsageError('--after-end-of-life is defer or patch');
}

/** The reason that a person gives; null when none does. */
export function readApproval({ approve }: { readonly approve?: string | undefined }): string | null {
  if (approve?.trim() === '') throw new UsageError('--approve takes the reason, as text');
  return approve?.trim() ?? null;
}
