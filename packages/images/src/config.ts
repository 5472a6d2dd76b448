/**
 * Reads `images` of the configuration once, into settings that cannot be wrong. What is wrong becomes a diagnostic, and
 * has its default, or is left out; what is good stays.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';
import type { BuildLimits } from './build/engine.ts';
import { parseNamedImages } from './config-golden.ts';
import { parsePlanner } from './config-planner.ts';
import { configProblem, readPart, type ConfigPart } from './config-values.ts';
import { STRICT_POLICY, type GatePolicy } from './gate/verdict.ts';
import { registryFault } from './image/reference.ts';
import { CAPABILITIES } from './plan/plan.ts';
import { createSigner } from './prove/dsse.ts';
import { DEFAULT_BUDGET } from './prove/size.ts';
import { SEVERITIES } from './receive/finding.ts';
import { parsePolicy, type Policy } from './receive/policy.ts';
import type { ImagesSettings, RegistrySettings, ScannerSettings } from './settings.ts';

/** What this room asks of a configuration: the kernel's `Config` is one. */
export interface ConfigReader {
  getOptional(key: string): unknown;
  /** Milliseconds; null when absent. Throws when it is no duration. */
  getOptionalDuration(key: string): number | null;
}

export interface ImagesConfigOptions {
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** The text of a file by its absolute path. Default: that of the file system, in UTF-8. */
  readonly readText?: (path: string) => string;
}

export interface ParsedImagesConfig {
  /** Null without `images`: the room is off. */
  readonly settings: ImagesSettings | null;
  readonly diagnostics: readonly Diagnostic[];
}

export { imagesConfigSchema } from './config-schema.ts';
export type { ImagesSettings } from './settings.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const GIB = 2 ** 30;

/** The most bytes that a limit may be: no disk is larger. */
const PIB = 2 ** 50;

/** See `imagesConfigSchema` for the keys and their defaults. */
export function parseImagesConfig(config: ConfigReader, options: ImagesConfigOptions): ParsedImagesConfig {
  const { cwd, readText = (path: string): string => readFileSync(path, 'utf8') } = options;
  const diagnostics: Diagnostic[] = [];
  const value = config.getOptional('images');
  if (value === undefined || value === null) return { settings: null, diagnostics };
  const report = (problem: Diagnostic): void => void diagnostics.push(problem);
  if (typeof value !== 'object' || Array.isArray(value)) {
    report(configProblem('images', 'images has to be an object, so the room is off'));
    return { settings: null, diagnostics };
  }
  const images = readPart(value, 'images', report);
  const toPath = (path: string): string => resolve(cwd, path);
  const named = parseNamedImages(images, { report, readText: (path) => readText(toPath(path)) });
  const proof = images.part('proof');
  const folder = images.part('reports').text('folder');
  const settings: ImagesSettings = {
    ...named,
    ...parseTimes(images, config),
    registries: parseRegistries(images),
    policy: parseFindingsPolicy(images),
    gate: parseGate(images.part('gate')),
    proof: {
      budget: parseBudget(proof.part('budget')),
      worstNew: proof.choice('worstNew', SEVERITIES) ?? 'high',
    },
    planner: parsePlanner(images.part('planner'), toPath),
    scanner: parseScanner(images.part('scanner'), toPath),
    engine: images.choice('engine', ['node', 'buildah', 'docker']),
    limits: parseLimits(images.part('limits')),
    promote:
      images.choice('promote', ['automatic', 'manual']) ??
      onlyUnset(images, 'promote', { unset: 'automatic', wrong: 'manual' }),
    reportsFolder: folder === null ? null : toPath(folder),
    concurrency: images.number('concurrency', { from: 1, to: 64, kind: 'whole' }) ?? 1,
    signingKey: parseSigningKey(images.part('signing')),
    author: images.text('author') ?? 'callboard',
  };
  return { settings, diagnostics };
}

function parseRegistries(images: ConfigPart): readonly RegistrySettings[] {
  const registries = new Map<string, RegistrySettings>();
  for (const part of images.parts('registries')) {
    const host = part.text('host')?.toLowerCase() ?? null;
    if (part.raw('host') === null) part.complain('host', 'is missing', 'It is left out until then.');
    if (host === null) continue;
    if (registryFault(host) !== null || registries.has(host)) {
      const why = registries.has(host) ? 'is there twice' : 'is no host, or host:port';
      part.complain('host', why, 'It is left out until then.');
      continue;
    }
    const [username, password] = [part.text('username'), part.text('password')];
    if ((username === null) !== (password === null)) {
      part.complain(username === null ? 'username' : 'password', 'is missing, so nobody is logged in');
    }
    const login = username === null || password === null ? null : { username, password };
    registries.set(host, { host, login, insecure: part.flag('insecure') ?? false });
  }
  return [...registries.values()];
}

/** Each key by itself, so that one that is wrong leaves the others. */
function parseFindingsPolicy(images: ConfigPart): Policy {
  const part = images.part('policy');
  const good = part.keys.filter((key) => {
    try {
      parsePolicy({ [key]: part.raw(key) });
      return true;
    } catch (error) {
      part.complain(key, `is not usable: ${messageOf(error)}`, 'It has its default until then.');
      return false;
    }
  });
  return parsePolicy(Object.fromEntries(good.map((key) => [key, part.raw(key)])));
}

function parseGate(part: ConfigPart): GatePolicy {
  const { maxPackages, capabilities, approval, held } = STRICT_POLICY;
  return {
    maxPackages: part.number('maxPackages', { from: 1, to: 10_000, kind: 'whole' }) ?? maxPackages,
    capabilities: part.choices('capabilities', CAPABILITIES) ?? capabilities,
    approval:
      part.choice('approval', ['exceptions', 'always']) ??
      onlyUnset(part, 'approval', { unset: approval, wrong: 'always' }),
    held: part.choice('held', ['leave', 'change']) ?? held,
  };
}

/** Whoever asked for something else than the default, in whatever words, gets the careful way. */
function onlyUnset<T>(part: ConfigPart, key: string, { unset, wrong }: { unset: T; wrong: T }): T {
  return part.raw(key) === null ? unset : wrong;
}

function parseBudget(part: ConfigPart): ImagesSettings['proof']['budget'] {
  return {
    bytes: part.bytes('bytes') ?? DEFAULT_BUDGET.bytes,
    ratio: part.number('ratio', { from: 0, to: 100 }) ?? DEFAULT_BUDGET.ratio,
  };
}

function parseScanner(part: ConfigPart, toPath: (path: string) => string): ScannerSettings {
  const kind = part.choice('kind', ['trivy', 'grype']) ?? 'trivy';
  const program = part.text('program') ?? kind;
  const cacheDir = part.text('cacheDir');
  return {
    kind,
    program: program.includes('/') ? toPath(program) : program,
    cacheDir: cacheDir === null ? null : toPath(cacheDir),
  };
}

function parseLimits(part: ConfigPart): BuildLimits {
  const bytesOf = (key: string, usual: number): number => {
    const bytes = part.bytes(key) ?? usual;
    if (bytes <= PIB) return bytes;
    part.complain(key, `has to be at most ${PIB}`);
    return usual;
  };
  return {
    unpackedBytes: bytesOf('unpackedBytes', 8 * GIB),
    layerBytes: bytesOf('layerBytes', 2 * GIB),
    entries: part.number('entries', { from: 1, to: 100_000_000, kind: 'whole' }) ?? 1_000_000,
  };
}

function parseSigningKey(part: ConfigPart): string | null {
  const pem = part.text('privateKey');
  if (pem === null) return null;
  try {
    createSigner(pem);
    return pem;
  } catch (error) {
    part.complain('privateKey', `is not usable: ${messageOf(error)}`);
    return null;
  }
}

type Times = Pick<ImagesSettings, 'debounce' | 'maxWait' | 'scanEvery'>;

function parseTimes(images: ConfigPart, config: ConfigReader): Times {
  const read = (key: keyof Times): number | null => {
    try {
      return config.getOptionalDuration(`images.${key}`);
    } catch (error) {
      images.complain(key, `is no duration: ${messageOf(error)}`, 'Write { minutes: 5 }, PT5M or 5m.');
      return null;
    }
  };
  const debounce = read('debounce') ?? 30 * SECOND;
  const maxWait = read('maxWait') ?? Math.max(5 * MINUTE, debounce);
  if (maxWait < debounce) images.complain('maxWait', 'is shorter than debounce, which is taken for it');
  // `false` says it aloud.
  const scanEvery = images.raw('scanEvery') === false ? null : read('scanEvery');
  if (scanEvery !== null && scanEvery < MINUTE) {
    images.complain('scanEvery', 'is shorter than a minute, which is taken for it');
  }
  return {
    debounce,
    maxWait: Math.max(maxWait, debounce),
    scanEvery: scanEvery === null ? null : Math.max(scanEvery, MINUTE),
  };
}
