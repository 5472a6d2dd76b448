/** Entities with the verdict that Backstage gives on them, for the tests of the model. */
import { pathSegments } from './path.ts';

export interface EntityCase {
  readonly name: string;
  readonly entity: unknown;
  readonly isValid: boolean;
}

const CORE = { apiVersion: 'backstage.io/v1alpha1' } as const;
const OWNED = { type: 'some-type', lifecycle: 'production', owner: 'team-a' } as const;

/** One good entity of every kind and variant, with every field that has a rule. */
export const GOOD_ENTITIES = {
  component: {
    ...CORE,
    kind: 'Component',
    metadata: {
      name: 'petstore',
      namespace: 'shop',
      uid: 'a-uid',
      etag: 'an-etag',
      title: 'Pet Store',
      description: 'Sells pets.',
      labels: { tier: '1', 'example.com/region': 'eu' },
      annotations: { 'backstage.io/techdocs-ref': 'dir:.' },
      tags: ['java', 'data-pipeline'],
      links: [{ url: 'https://example.com/x', title: 'X', icon: 'dashboard', type: 'runbook' }],
      custom: { anything: [1, null] },
    },
    spec: {
      ...OWNED,
      system: 'shop',
      subcomponentOf: 'other/monolith',
      providesApis: ['pets'],
      consumesApis: ['api:default/money', 'mail'],
      dependsOn: ['resource:db', 'component:other/queue'],
      dependencyOf: ['component:web'],
      custom: 5,
    },
  },
  api: {
    ...CORE,
    kind: 'API',
    metadata: { name: 'pets' },
    spec: { ...OWNED, system: 'shop', definition: 'x' },
  },
  mcpServer: {
    ...CORE,
    kind: 'API',
    metadata: { name: 'tools' },
    spec: { ...OWNED, type: 'mcp-server', system: 'shop', remotes: [{ type: 'sse', url: 'https://x' }] },
  },
  resource: {
    ...CORE,
    kind: 'Resource',
    metadata: { name: 'db' },
    spec: {
      type: 'database',
      owner: 'user:ann',
      dependsOn: ['resource:disk'],
      dependencyOf: ['component:a'],
      system: 'shop',
    },
  },
  system: {
    ...CORE,
    kind: 'System',
    metadata: { name: 'shop' },
    spec: { owner: 'a', domain: 'b', type: 'c' },
  },
  domain: {
    ...CORE,
    kind: 'Domain',
    metadata: { name: 'sales' },
    spec: { owner: 'a', subdomainOf: 'b', type: 'c' },
  },
  group: {
    ...CORE,
    kind: 'Group',
    metadata: { name: 'team-a' },
    spec: {
      type: 'team',
      profile: { displayName: 'A', email: 'a@example.com', picture: 'https://x/a.png', custom: 5 },
      parent: 'everybody',
      children: ['team-b'],
      members: ['ann', 'user:other/bob'],
    },
  },
  user: {
    ...CORE,
    kind: 'User',
    metadata: { name: 'ann' },
    spec: {
      profile: { displayName: 'Ann', email: 'a@x', picture: 'p' },
      memberOf: ['team-a', 'other/team-b'],
    },
  },
  location: {
    ...CORE,
    kind: 'Location',
    metadata: { name: 'all' },
    spec: { type: 'url', target: './a.yaml', targets: ['./b.yaml'], presence: 'optional' },
  },
  aiResource: { ...CORE, kind: 'AiResource', metadata: { name: 'x' }, spec: { ...OWNED, system: 'shop' } },
  skill: {
    ...CORE,
    kind: 'AiResource',
    metadata: { name: 'x' },
    spec: {
      ...OWNED,
      type: 'skill',
      disciplines: ['web'],
      categories: ['framework'],
      agents: ['some-agent'],
      dependsOn: ['other-skill'],
      allowedTools: 'Read Edit',
      license: 'MIT',
      compatibility: 'Node.js 24',
    },
  },
  rule: {
    ...CORE,
    kind: 'AiResource',
    metadata: { name: 'x' },
    spec: { ...OWNED, type: 'rule', category: 'security', rationale: 'Because.', disciplines: ['web'] },
  },
  plugin: {
    ...CORE,
    kind: 'AiResource',
    metadata: { name: 'x' },
    spec: { ...OWNED, type: 'plugin', skills: ['a'], version: '1.0.0' },
  },
  marketplace: {
    ...CORE,
    kind: 'AiResource',
    metadata: { name: 'x' },
    spec: { ...OWNED, type: 'marketplace', plugins: ['a'], version: '1.0.0' },
  },
} as const;

type GoodEntity = keyof typeof GOOD_ENTITIES;

/** A copy of the document with the value at the path; without it when the value is undefined. */
export function change(document: unknown, path: string, value: unknown): unknown {
  const copy: unknown = structuredClone(document);
  const keys = pathSegments(path) ?? [];
  const last = keys.pop();
  let parent: unknown = copy;
  for (const key of keys)
    parent = typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : null;
  if (last === undefined || typeof parent !== 'object' || parent === null) return value;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

const label63 = 'x'.repeat(63);
const subdomain253 = [label63, label63, label63, 'y'.repeat(61)].join('.');
const url = 'https://example.com';
const absent = undefined;

/** Values by place, those that Backstage accepts first and then those that it refuses. */
const COMPONENT_VALUES: Readonly<
  Record<string, readonly [good: readonly unknown[], bad: readonly unknown[]]>
> = {
  apiVersion: [
    ['backstage.io/v1alpha1', 'backstage.io/v1beta1'],
    [absent, null, '', 5, 'backstage.io/v1', 'v1alpha1', 'Backstage.io/v1alpha1', 'a/b/c', 'backstage.io/'],
  ],
  kind: [
    ['Component'],
    [absent, null, '', 5, 'component', 'Widget', 'Compo-nent', 'X'.repeat(64), ['Component']],
  ],
  metadata: [[{ name: 'a' }], [absent, null, [], 'x', {}, 5]],
  'metadata.name': [
    ['a', 'A', '0', 'a-b_c.d', 'a..b', 'a--b', label63],
    [absent, null, '', 5, {}, `${label63}x`, '-a', 'a-', '.a', 'a b', 'ä', 'a/b', 'a:b', 'a\n', '__proto__'],
  ],
  'metadata.namespace': [
    [absent, 'default', 'a', 'a-b', 'a--b', '0', label63],
    [null, '', 5, 'A', 'a_b', 'a.b', '-a', 'a-', `${label63}x`, 'a\n', 'default '],
  ],
  'metadata.uid': [
    [absent, 'x', ' '],
    ['', 5, null],
  ],
  'metadata.etag': [
    [absent, 'x'],
    ['', 5, null],
  ],
  'metadata.title': [
    [absent, 'T', ' '],
    ['', 5, null, []],
  ],
  'metadata.description': [
    [absent, '', 'x', '\n'],
    [5, null, {}],
  ],
  'metadata.labels': [
    [
      absent,
      {},
      { a: '' },
      { a: label63 },
      { 'a/b': 'c.d_e-f' },
      { 'a.b/C_d': 'x' },
      { [label63]: 'x' },
      { [`${subdomain253}/a`]: 'x' },
    ],
    [
      null,
      [1],
      'x',
      { a: 5 },
      { a: null },
      { a: 'b c' },
      { a: `${label63}x` },
      { a: '-' },
      { '': 'x' },
      { '': 5 },
      { '/a': 'x' },
      { 'a/': 'x' },
      { 'a/b/c': 'x' },
      { 'A.b/c': 'x' },
      { 'a..b/c': 'x' },
      { [`${label63}x`]: 'x' },
      { [`${subdomain253}z/a`]: 'x' },
      { '-a': 'x' },
      { 'a\nb': 'x' },
    ],
  ],
  'metadata.annotations': [
    [absent, {}, { a: '' }, { a: 'any thing\n' }, { 'a.b/c-d_e': 'x'.repeat(5000) }],
    [
      null,
      ['a'],
      5,
      { a: 5 },
      { a: null },
      { a: {} },
      { 'a b': 'x' },
      { '': 'x' },
      { 'a/b/c': 'x' },
      { é: 'x' },
    ],
  ],
  'metadata.tags': [
    [absent, [], ['a'], ['a-b'], ['c++', 'c#', 'x:y', '1'], [label63], ['a', 'a']],
    [
      null,
      'a',
      {},
      [''],
      [5],
      [null],
      ['A'],
      ['a_b'],
      ['a--b'],
      ['-a'],
      ['a b'],
      [`${label63}x`],
      ['a', 'é'],
    ],
  ],
  'metadata.links': [
    [
      absent,
      [],
      [{ url }],
      [{ url: 'mailto:a@b' }],
      [{ url: 'x:' }],
      [{ url: ` ${url} ` }],
      [{ url, type: ' ' }],
      [{ url, other: 5 }],
    ],
    [
      null,
      {},
      'x',
      [null],
      [url],
      [{}],
      [{ url: '' }],
      [{ url: null }],
      [{ url: 'no scheme' }],
      [{ url: '/path' }],
      [{ url: 'http://' }],
      [{ url, title: '' }],
      [{ url, title: ' ' }],
      [{ url, title: null }],
      [{ url, icon: '\t' }],
      [{ url, icon: '' }],
      [{ url, type: '' }],
      [{ url, type: 5 }],
      [{ url }, { url: 'x' }],
    ],
  ],
  'metadata.other': [[5, null, [], 'x'], []],
  other: [[], [5, null, 'x']],
  Spec: [[], [{}]],
  relations: [[], [[], [{ type: 'ownedBy', targetRef: 'group:default/a' }], 5]],
  status: [[], [{}, { items: [] }, 5]],
  spec: [
    [{ type: 'a', lifecycle: 'b', owner: 'c' }],
    [absent, null, [], 'x', 5, {}, { type: 'a', owner: 'c' }],
  ],
  'spec.type': [
    ['x', ' '],
    [absent, null, '', 5, []],
  ],
  'spec.lifecycle': [['x'], [absent, null, '', true]],
  'spec.owner': [
    ['a', 'user:a', 'a/b', 'user:a/b', 'a b', 'group:default/a:b', 'a/b/c', 'a:b:c'],
    [absent, null, '', 5, ['a'], {}, ':a', '/a', 'a:', 'a/', 'user:/a', 'user:a/', ':', '/', 'a:b/'],
  ],
  'spec.system': [
    [absent, 'x', 'other/x', 'domain:x'],
    [null, '', 5, ['x'], 'system:'],
  ],
  'spec.subcomponentOf': [
    [absent, 'x'],
    [null, '', 5, '/x'],
  ],
  'spec.providesApis': [
    [absent, [], ['a'], ['a', 'api:b/c']],
    [null, 'a', {}, [''], [5], [null], ['a', 'x:']],
  ],
  'spec.consumesApis': [
    [absent, [], ['a']],
    [null, 'a', [''], [5], ['/']],
  ],
  'spec.dependsOn': [
    [absent, [], ['component:a'], ['resource:b/c', 'x:y']],
    [null, 'component:a', [''], [5], ['a'], ['component:a', 'b/c'], ['a/b:c']],
  ],
  'spec.dependencyOf': [
    [absent, null, '', 0, false, [], 'component:a', ['component:a'], ['a:b', 'a:c/d']],
    [5, true, {}, 'a', ['a'], [''], [null], [5], [['component:a']], { name: 'x' }],
  ],
  'spec.other': [[null, 5, '', []], []],
};

type Rows = readonly (readonly [path: string, good: readonly unknown[], bad: readonly unknown[]])[];

const KIND_VALUES: Readonly<Partial<Record<GoodEntity, Rows>>> = {
  api: [
    ['spec.type', ['openapi', 'mcp-server'], [absent, '', 5, null]],
    ['spec.lifecycle', ['x'], [absent, '', 5]],
    ['spec.owner', ['a'], [absent, '', 5, 'a:']],
    ['spec.definition', ['x', ' '], [absent, null, '', 5, { $text: './x' }]],
    ['spec.system', [absent, 'x'], [null, '', ['x'], ':x']],
    ['apiVersion', ['backstage.io/v1beta1'], ['backstage.io/v1']],
  ],
  mcpServer: [
    ['spec.remotes', [[{ type: 'a', url: 'b', c: 5 }]], [absent, null, [], {}, ['x'], [{}], [{ type: 'a' }]]],
    ['spec.remotes[0].type', ['x'], [absent, null, '', 5]],
    ['spec.remotes[0].url', ['not a url'], [absent, null, '', 5]],
    ['spec.lifecycle', ['x'], [absent, '', 5]],
    ['spec.owner', ['a'], [absent, '', 5, 'a:']],
    ['spec.definition', ['x'], [null, '', 5]],
  ],
  resource: [
    ['spec.type', ['x'], [absent, '', 5]],
    ['spec.owner', ['a'], [absent, '', 5, '/a']],
    ['spec.lifecycle', [absent, 5], []],
    ['spec.system', [absent, 'x'], [null, '', ':x']],
    ['spec.dependsOn', [absent, [], ['resource:a']], [null, 'resource:a', [''], ['a']]],
    ['spec.dependencyOf', [absent, 'component:a', null], ['a', ['a'], 5]],
    ['spec', [], [absent, null, {}]],
  ],
  system: [
    ['spec.owner', ['a'], [absent, '', 5, 'a/']],
    ['spec.domain', [absent, 'x'], [null, '', ['x'], 'domain:']],
    ['spec.type', [absent, 'x'], [null, '', 5]],
  ],
  domain: [
    ['spec.owner', ['a'], [absent, '', 5]],
    ['spec.subdomainOf', [absent, 'x'], [null, '', ['x'], '/']],
    ['spec.type', [absent, 'x'], [null, '', 5]],
  ],
  group: [
    ['spec.type', ['x'], [absent, '', 5]],
    ['spec.children', [[], ['a', 'b/c']], [absent, null, 'a', [''], [5], [':']]],
    ['spec.members', [absent, [], ['a']], [null, 'a', [''], ['user:']]],
    ['spec.parent', [absent, 'x'], [null, '', ['x'], 'x/']],
    ['spec.profile', [absent, {}], [null, [], 'x']],
    ['spec.profile.displayName', [absent, 'x'], [null, '', 5]],
    ['spec.profile.email', [absent, 'not an address'], [null, '', 5]],
    ['spec.profile.picture', [absent, 'x'], [null, '', 5]],
  ],
  user: [
    ['spec.memberOf', [[], ['a', 'group:b/c']], [absent, null, 'a', [''], [5], ['a/']]],
    ['spec.profile', [absent, {}], [null, [], 'x']],
    ['spec.profile.email', [absent, 'x'], [null, '', 5]],
    ['spec', [{ memberOf: [] }], [absent, {}]],
  ],
  location: [
    ['spec', [{}], [absent, null, []]],
    ['spec.type', [absent, 'x'], [null, '', 5]],
    ['spec.target', [absent, 'x'], [null, '', ['x']]],
    ['spec.targets', [absent, [], ['x']], [null, 'x', [''], [5]]],
    ['spec.presence', [absent, 'required', 'optional'], [null, '', 'never', 'Required', 5]],
  ],
  aiResource: [
    ['apiVersion', [], ['backstage.io/v1beta1']],
    ['spec.type', ['anything'], [absent, '', 5, null]],
    ['spec.lifecycle', ['x'], [absent, '']],
    ['spec.owner', ['a', 'component:a'], [absent, '', ':a']],
    ['spec.system', [absent, 'x', 'group:x'], [null, '', '/']],
  ],
  skill: [
    ['spec.disciplines', [absent, []], [null, 'x', [''], [5]]],
    ['spec.categories', [absent, []], [null, 'x', ['']]],
    ['spec.agents', [absent, []], [null, 'x', ['']]],
    ['spec.dependsOn', [absent, [], ['a', 'component:a']], [null, 'a', [''], ['a/']]],
    ['spec.allowedTools', [absent, 'x'], [null, '', ['x']]],
    ['spec.license', [absent, 'x'], [null, '', 5]],
    [
      'spec.compatibility',
      [absent, 'x'.repeat(500), '🐈'.repeat(500)],
      ['', 'x'.repeat(501), '🐈'.repeat(501)],
    ],
  ],
  rule: [
    ['spec.category', ['x'], [absent, null, '', 5]],
    ['spec.rationale', ['x'], [absent, null, '', 5]],
    ['spec.disciplines', [absent, []], [null, ['']]],
  ],
  plugin: [
    ['spec.skills', [[], ['a', 'user:a']], [absent, null, 'a', [''], ['a:']]],
    ['spec.version', [absent, 'x'], [null, '', 5]],
  ],
  marketplace: [
    ['spec.plugins', [[], ['a']], [absent, null, 'a', [''], ['/a']]],
    ['spec.version', [absent, 'x'], [null, '', 5]],
  ],
};

function casesOf(base: GoodEntity, rows: Rows): EntityCase[] {
  const toCase = (path: string, isValid: boolean) => (value: unknown) => ({
    name: `${base} with ${path} = ${(JSON.stringify(value) ?? 'absent').slice(0, 60)}`,
    entity: change(GOOD_ENTITIES[base], path, value),
    isValid,
  });
  return rows.flatMap(([path, good, bad]) => [
    ...good.map(toCase(path, true)),
    ...bad.map(toCase(path, false)),
  ]);
}

export const ENTITY_CASES: readonly EntityCase[] = [
  ...Object.entries(GOOD_ENTITIES).map(([name, entity]) => ({ name: `good ${name}`, entity, isValid: true })),
  ...casesOf(
    'component',
    Object.entries(COMPONENT_VALUES).map(([path, [good, bad]]) => [path, good, bad]),
  ),
  ...Object.entries(KIND_VALUES).flatMap(([base, rows]) => (isGoodEntity(base) ? casesOf(base, rows) : [])),
  ...[null, undefined, 5, 'x', true, [], [GOOD_ENTITIES.component], {}].map((entity) => ({
    name: `a document that is ${JSON.stringify(entity)?.slice(0, 20)}`,
    entity,
    isValid: false,
  })),
];

function isGoodEntity(name: string): name is GoodEntity {
  return Object.hasOwn(GOOD_ENTITIES, name);
}
