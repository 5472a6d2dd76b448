/**
 * A synthetic catalog of any size for benchmarks and tests: groups, users, domains, systems, APIs, resources and
 * components in fixed proportions, linked as a real company's are. The same count and seed give the same bytes.
 * Texts are produced one at a time, so a million entities need no more memory than one file.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface KindCounts {
  readonly groups: number;
  readonly users: number;
  readonly domains: number;
  readonly systems: number;
  readonly apis: number;
  readonly resources: number;
  readonly components: number;
}

export interface GenerateOptions {
  readonly entities: number;
  /** Made when absent. Files of an earlier run (`part-*.yaml`) are removed, nothing else is. */
  readonly folder: string;
  /** Entities in one file. Default: 500. */
  readonly perFile?: number;
  /** Default: 20261120. */
  readonly seed?: number;
}

export interface Generated {
  readonly files: number;
  readonly entities: number;
}

const DEFAULT_SEED = 20_261_120;

const LANGUAGES = ['java', 'go', 'python', 'typescript', 'rust', 'kotlin'];
const STYLES = ['grpc', 'rest', 'batch', 'stream'];
const LIFECYCLES = ['production', 'experimental', 'deprecated'];
const REGIONS = ['eu', 'us', 'ap'];
const VERBS = ['Handles', 'Stores', 'Routes', 'Computes', 'Renders'];
const THINGS = ['payment', 'order', 'invoice', 'user', 'search', 'shipping'];
const FORMS = ['events', 'requests', 'documents', 'records'];
const AREAS = ['checkout', 'growth', 'platform', 'data', 'risk'];
const GENERATED_FILE = /^part-\d+\.yaml$/;

/**
 * How many entities of each kind a catalog of `count` holds; the sum is `count`. From 100 on: 1 % groups (at least 10),
 * 10 % users, 0.2 % domains (at least 5), 2 % systems, 20 % APIs, 10 % resources, the rest components.
 * Below 100 the minima shrink with the count. Throws a RangeError unless `count` is a positive integer.
 */
export function kindCounts(count: number): KindCounts {
  requirePositiveInteger('entities', count);
  const groups = Math.max(Math.min(10, Math.ceil(count / 10)), Math.floor(count / 100));
  const users = Math.floor(count / 10);
  const domains = Math.max(Math.min(5, Math.floor(count / 20)), Math.floor(count / 500));
  const systems = Math.floor(count / 50);
  const apis = Math.floor(count / 5);
  const resources = Math.floor(count / 10);
  const components = count - groups - users - domains - systems - apis - resources;
  return { groups, users, domains, systems, apis, resources, components };
}

/**
 * The YAML document of each entity of a catalog of `count`, without separators. Names are `team-<n>`, `user-<n>`,
 * `domain-<n>`, `system-<n>`, `api-<n>`, `res-<n>` and `svc-<n>`, counted from 0. Every reference leads to an entity of
 * the same catalog. Throws a RangeError unless `count` is a positive integer.
 */
export function* entityTexts(count: number, seed: number = DEFAULT_SEED): Generator<string, void, undefined> {
  const counts = kindCounts(count);
  const random = randomNumbers(seed);
  for (let n = 0; n < counts.groups; n += 1) yield group(n);
  for (let n = 0; n < counts.users; n += 1) yield user(n, counts, random);
  for (let n = 0; n < counts.domains; n += 1) yield domain(n, counts, random);
  for (let n = 0; n < counts.systems; n += 1) yield system(n, counts, random);
  for (let n = 0; n < counts.apis; n += 1) yield api(n, counts, random);
  for (let n = 0; n < counts.resources; n += 1) yield resource(n, counts, random);
  for (let n = 0; n < counts.components; n += 1) yield component(n, counts, random);
}

/**
 * Writes a catalog of `entities` into `folder` as `part-0000.yaml`, `part-0001.yaml`, … Throws a RangeError for a count
 * that is no positive integer, and what the file system throws.
 */
export async function generateCatalog(options: GenerateOptions): Promise<Generated> {
  const { entities, folder, perFile = 500, seed = DEFAULT_SEED } = options;
  requirePositiveInteger('entities', entities);
  requirePositiveInteger('perFile', perFile);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (GENERATED_FILE.test(name)) await rm(join(folder, name));
  }
  let files = 0;
  let written = 0;
  let batch: string[] = [];
  for (const text of entityTexts(entities, seed)) {
    batch.push(text);
    if (batch.length < perFile && written + batch.length < entities) continue;
    await writeFile(join(folder, `part-${String(files).padStart(4, '0')}.yaml`), batch.join('---\n'));
    files += 1;
    written += batch.length;
    batch = [];
  }
  return { files, entities: written };
}

type Random = () => number;

/** Mulberry32: 32 bits of state, a value in [0, 1) per call. Public domain, by Tommy Ettinger. */
function randomNumbers(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

function oneOf(words: readonly string[], random: Random): string {
  return words[below(words.length, random)] ?? '';
}

/** `prefix-<n>` with n below `limit`, never `prefix-<except>`; null when nothing is left. */
function nameAmong(prefix: string, limit: number, random: Random, except = -1): string | null {
  if (except < 0) return limit === 0 ? null : `${prefix}-${below(limit, random)}`;
  return limit < 2 ? null : `${prefix}-${(except + 1 + below(limit - 1, random)) % limit}`;
}

function owner(counts: KindCounts, random: Random): string {
  return `team-${below(counts.groups, random)}`;
}

/** A spec line with one reference, or nothing when there is no entity to refer to. */
function referenceLine(field: string, name: string | null): string {
  return name === null ? '' : `  ${field}: ${name}\n`;
}

function listLine(field: string, names: readonly (string | null)[]): string {
  const known = names.filter((name) => name !== null);
  return known.length === 0 ? '' : `  ${field}: [${known.join(', ')}]\n`;
}

function head(kind: string): string {
  return `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\n`;
}

function metadata(name: string, n: number, random: Random): string {
  const what = `${oneOf(VERBS, random)} ${oneOf(THINGS, random)} ${oneOf(FORMS, random)}`;
  return `metadata:
  name: ${name}
  title: ${name.replaceAll('-', ' ')}
  description: ${what} for the ${oneOf(AREAS, random)} area, item number ${n}
  annotations:
    github.com/project-slug: bench/${name}
    backstage.io/techdocs-ref: dir:.
    pagerduty.com/integration-key: k${n}
    sonarqube.org/project-key: ${name}
  labels:
    tier: "${1 + (n % 4)}"
    region: ${oneOf(REGIONS, random)}
  tags: [${oneOf(LANGUAGES, random)}, ${oneOf(STYLES, random)}]
  links:
    - url: https://dash.example.com/${name}
      title: Dashboard
`;
}

function group(n: number): string {
  const parent = n === 0 ? '' : `  parent: team-${Math.floor((n - 1) / 6)}\n`;
  return `${head('Group')}metadata:
  name: team-${n}
  description: Team ${n}
spec:
  type: team
${parent}  children: []
`;
}

function user(n: number, counts: KindCounts, random: Random): string {
  return `${head('User')}metadata:
  name: user-${n}
spec:
  profile:
    displayName: User ${n}
    email: user-${n}@example.com
  memberOf: [${owner(counts, random)}]
`;
}

function domain(n: number, counts: KindCounts, random: Random): string {
  return `${head('Domain')}${metadata(`domain-${n}`, n, random)}spec:
  owner: group:default/${owner(counts, random)}
`;
}

function system(n: number, counts: KindCounts, random: Random): string {
  const partOf = referenceLine('domain', nameAmong('domain', counts.domains, random));
  return `${head('System')}${metadata(`system-${n}`, n, random)}spec:
  owner: ${owner(counts, random)}
${partOf}`;
}

function api(n: number, counts: KindCounts, random: Random): string {
  const partOf = referenceLine('system', nameAmong('system', counts.systems, random));
  return `${head('API')}${metadata(`api-${n}`, n, random)}spec:
  type: ${oneOf(['openapi', 'grpc', 'asyncapi'], random)}
  lifecycle: ${oneOf(LIFECYCLES, random)}
  owner: ${owner(counts, random)}
${partOf}  definition: |
    openapi: 3.0.0
    info: {title: api-${n}, version: 1.0.0}
    paths: {}
`;
}

function resource(n: number, counts: KindCounts, random: Random): string {
  const partOf = referenceLine('system', nameAmong('system', counts.systems, random));
  return `${head('Resource')}${metadata(`res-${n}`, n, random)}spec:
  type: ${oneOf(['database', 'bucket', 'queue'], random)}
  owner: ${owner(counts, random)}
${partOf}`;
}

function component(n: number, counts: KindCounts, random: Random): string {
  const someApi = (): string | null => nameAmong('api', counts.apis, random);
  const needs = [
    nameAmong('resource:res', counts.resources, random),
    nameAmong('component:svc', counts.components, random, n),
  ];
  return `${head('Component')}${metadata(`svc-${n}`, n, random)}spec:
  type: ${oneOf(['service', 'website', 'library'], random)}
  lifecycle: ${oneOf(LIFECYCLES, random)}
  owner: ${owner(counts, random)}
${referenceLine('system', nameAmong('system', counts.systems, random))}${listLine('providesApis', [someApi()])}${listLine('consumesApis', [someApi(), someApi()])}${listLine('dependsOn', needs)}`;
}

function requirePositiveInteger(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(`${name} must be a positive integer, got ${value}`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      entities: { type: 'string', default: '10000' },
      folder: { type: 'string' },
      'per-file': { type: 'string', default: '500' },
      seed: { type: 'string', default: String(DEFAULT_SEED) },
    },
  });
  if (values.folder === undefined) {
    throw new Error(
      'usage: catalog-data.ts --folder <folder> [--entities 10000] [--per-file 500] [--seed n]',
    );
  }
  const made = await generateCatalog({
    entities: Number(values.entities),
    folder: values.folder,
    perFile: Number(values['per-file']),
    seed: Number(values.seed),
  });
  console.log(`${made.entities} entities in ${made.files} files in ${values.folder}`);
}
