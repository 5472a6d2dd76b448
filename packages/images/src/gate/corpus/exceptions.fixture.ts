/** Removals, replacements, locks, holds and bombs: what is refused, what takes a person, and what is good as it is. */
import { upgrade, type Case, type CaseClass } from './cases.fixture.ts';

const REPLACES = { policy: { capabilities: ['replace-package'] } } as const;
const REMOVES = { policy: { capabilities: ['remove-package'] } } as const;
const remove = { action: 'remove', minVersion: null } as const;
const replaceBy = (replacement: string, minVersion: string): object => ({
  action: 'replace',
  minVersion,
  replacement,
});

export const EXCEPTION_CLASSES: readonly CaseClass[] = [
  {
    name: 'changes that say two things',
    cases: [
      {
        name: 'a removal with a version',
        world: 'debian',
        change: { tzdata: { action: 'remove' } },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      { name: 'an upgrade to no version', world: 'debian', change: { openssl: { minVersion: null } } },
      { name: 'an upgrade to no version, of rpm', world: 'rocky', change: { glibc: { minVersion: null } } },
      {
        name: 'an upgrade with a replacement',
        world: 'debian',
        change: { libcurl4: { replacement: 'libcurl4t64' } },
      },
      {
        name: 'a replacement by nothing',
        world: 'alpine',
        change: { musl: { action: 'replace' } },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a replacement of no version',
        world: 'debian',
        change: { libcurl4: { action: 'replace', minVersion: null, replacement: 'libcurl4t64' } },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      { name: 'one package twice', world: 'debian', add: [upgrade('openssl', '1.1.1n-0+deb11u5')] },
      {
        name: 'one package twice, at two versions',
        world: 'rocky',
        add: [upgrade('expat', '2.5.0-1.el9_3.1')],
      },
      {
        name: 'an upgrade and a removal of one package',
        world: 'debian',
        add: [{ name: 'tzdata', ...remove, replacement: null }],
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      { name: 'one capability twice', world: 'amazon', plan: { requires: ['release-lock', 'release-lock'] } },
    ],
  },
  {
    name: 'removals and replacements',
    cases: [
      {
        name: 'base-files, which no finding is about',
        world: 'debian',
        add: [{ name: 'base-files', ...remove, replacement: null }],
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'a removal without the policy',
        world: 'debian',
        change: { tzdata: remove },
        plan: { requires: ['remove-package'] },
      },
      { name: 'a removal that does not say so', world: 'debian', change: { tzdata: remove }, ...REMOVES },
      {
        name: 'a removal that others need',
        world: 'debian',
        change: { 'libssl1.1': remove },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'a removal that python needs',
        world: 'rocky',
        change: { expat: remove },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'a removal by what it provides',
        world: 'alpine',
        change: { libssl3: remove },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'awk, which the base needs',
        world: 'debian',
        add: [{ name: 'mawk', ...remove, replacement: null }],
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'the C library',
        world: 'rocky',
        change: { glibc: remove },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'the tools of the C library',
        world: 'debian',
        change: { 'libc-bin': remove },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'musl',
        world: 'alpine',
        change: { musl: remove },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'busybox',
        world: 'alpine',
        change: { busybox: remove },
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'a replacement without the policy',
        world: 'debian',
        change: { libcurl4: replaceBy('libcurl4t64', '8.0-1') },
        plan: { requires: ['replace-package'] },
      },
      {
        name: 'a replacement that does not say so',
        world: 'debian',
        change: { libcurl4: replaceBy('libcurl4t64', '8.0-1') },
        ...REPLACES,
      },
      {
        name: 'a replacement that nobody has',
        world: 'debian',
        change: { libcurl4: replaceBy('libcurl5', '8.0-1') },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a replacement that replaces something else',
        world: 'debian',
        change: { tzdata: replaceBy('evil-curl', '99.0-1') },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a replacement that is not that new',
        world: 'debian',
        change: { libcurl4: replaceBy('libcurl4t64', '8.0-2') },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a replacement that is not that new, of rpm',
        world: 'rocky',
        change: { 'curl-minimal': replaceBy('curl', '7.76.1-29.el9') },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a replacement that does not provide what is needed',
        world: 'debian',
        add: [{ name: 'mawk', ...replaceBy('busybox-awk', '1:1.30.1-6') }],
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a replacement for the C library',
        world: 'rocky',
        change: { glibc: replaceBy('curl', '7.76.1-26.el9') },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'one for an l',
        world: 'debian',
        change: { libcurl4: replaceBy('libcur14', '8.0-1') },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a capital I for an l',
        world: 'rocky',
        add: [{ name: 'libxml2', ...replaceBy('Iibxml2', '2.9.13-9.el9') }],
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a capital I for an l, of apk',
        world: 'alpine',
        change: { libssl3: replaceBy('libssI3', '3.1.4-r6') },
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'a capability for nothing',
        world: 'debian',
        plan: { requires: ['remove-package'] },
        ...REMOVES,
      },
      {
        name: 'another capability for nothing',
        world: 'rocky',
        plan: { requires: ['replace-package'] },
        ...REPLACES,
      },
      {
        name: 'every capability at once',
        world: 'alpine',
        plan: { requires: ['release-lock', 'replace-package', 'remove-package'] },
        policy: { capabilities: ['release-lock', 'replace-package', 'remove-package'] },
      },
    ],
  },
  {
    name: 'the release of the distribution',
    cases: [
      { name: 'a lock where there is none', world: 'debian', plan: { requires: ['release-lock'] } },
      { name: 'a lock for rocky', world: 'rocky', plan: { requires: ['release-lock'] } },
      { name: 'a lock for alpine', world: 'alpine', plan: { requires: ['release-lock'] } },
      { name: 'a lock for ubi', world: 'ubi', plan: { requires: ['release-lock'] } },
      { name: 'a lock that the policy forbids', world: 'amazon', policy: { capabilities: [] } },
      { name: 'a lock without a plan', world: 'amazon', plan: { strategy: 'bump-base', packages: [] } },
    ],
  },
  {
    name: 'packages that are held',
    cases: [
      { name: 'a held package', world: 'debian', add: [upgrade('git', '1:2.30.2-1+deb11u2')] },
      { name: 'a held package of rpm', world: 'rocky', add: [upgrade('NetworkManager', '1:1.42.2-8.el9_3')] },
      { name: 'one that only the image holds', world: 'debian', installed: { tzdata: { held: true } } },
      { name: 'one that only the image of apk holds', world: 'alpine', installed: { musl: { held: true } } },
      { name: 'one that only the facts know as held', world: 'rocky', fact: { expat: { held: true } } },
    ],
  },
  {
    name: 'resource bombs',
    cases: [
      { name: 'more packages than the policy has', world: 'debian', policy: { maxPackages: 7 } },
      { name: 'more packages than the policy of rpm has', world: 'rocky', policy: { maxPackages: 2 } },
      {
        name: 'more than any plan may have',
        world: 'debian',
        add: Array.from({ length: 600 }, (_, index) => upgrade(`lib${index}`, '1')),
      },
      { name: 'a name as long as a book', world: 'alpine', add: [upgrade('a'.repeat(100_000), '1')] },
      {
        name: 'a version as long as a book',
        world: 'rocky',
        change: { expat: { minVersion: `1.${'1'.repeat(100_000)}` } },
      },
      {
        name: 'a version that is only long',
        world: 'debian',
        change: { openssl: { minVersion: `1.1.1q${'0'.repeat(200)}` } },
      },
    ],
  },
];

/** Not to be refused, and never to pass without a person. */
export const APPROVAL_CASES: readonly Case[] = [
  {
    name: 'a removal that nobody needs',
    world: 'debian',
    change: { tzdata: remove },
    plan: { requires: ['remove-package'] },
    ...REMOVES,
  },
  {
    name: 'a replacement that the mirror declares',
    world: 'debian',
    change: { libcurl4: replaceBy('libcurl4t64', '8.0-1') },
    plan: { requires: ['replace-package'] },
    ...REPLACES,
  },
  {
    name: 'a replacement of rpm',
    world: 'rocky',
    change: { 'curl-minimal': replaceBy('curl', '7.76.1-26.el9') },
    plan: { requires: ['replace-package'] },
    ...REPLACES,
  },
  {
    name: 'another awk, as the base needs one',
    world: 'debian',
    add: [{ name: 'mawk', ...replaceBy('gawk', '1:5.1.0-1') }],
    plan: { requires: ['replace-package'] },
    ...REPLACES,
  },
  { name: 'another major version', world: 'amazon' },
  { name: 'a C library out of its series', world: 'ubi' },
  {
    name: 'a package left out for a reason',
    world: 'debian',
    drop: ['tzdata'],
    plan: { reason: 'tzdata is pinned by the tests of the team.' },
  },
  {
    name: 'a source left out for a reason',
    world: 'debian',
    drop: ['curl', 'libcurl4'],
    plan: { reason: 'curl: breaks the proxy.' },
  },
  {
    name: 'everything put off, name by name',
    world: 'alpine',
    plan: {
      strategy: 'defer',
      packages: [],
      reason: 'openssl, musl, busybox, expat: after the freeze; libexpat too.',
    },
  },
  { name: 'a newer base in place of a patch', world: 'rocky', plan: { strategy: 'bump-base', packages: [] } },
  {
    name: 'a held package where the policy lets it change',
    world: 'debian',
    add: [upgrade('git', '1:2.30.2-1+deb11u2')],
    policy: { held: 'change' },
  },
  { name: 'any plan where the policy asks for a person', world: 'alpine', policy: { approval: 'always' } },
  {
    name: 'a plan for rocky where the policy asks for a person',
    world: 'rocky',
    policy: { approval: 'always' },
  },
];

/** Good as they are. */
export const GOOD_CASES: readonly Case[] = [
  { name: 'everything that can be fixed in debian', world: 'debian' },
  { name: 'everything that can be fixed in rocky', world: 'rocky' },
  { name: 'everything that can be fixed in alpine', world: 'alpine' },
  {
    name: 'put off as support has ended',
    world: 'debian',
    facts: { endOfLife: true },
    plan: { strategy: 'defer', packages: [] },
  },
  { name: 'patched although support has ended', world: 'debian', facts: { endOfLife: true } },
  {
    name: 'a newer base for a distroless image',
    world: 'debian',
    inventory: { state: 'distroless', manager: null },
    plan: { strategy: 'bump-base', packages: [] },
  },
  {
    name: 'a newer base for an image without tools',
    world: 'ubi',
    inventory: { state: 'no-tools', manager: null },
    plan: { strategy: 'bump-base', packages: [] },
  },
  { name: 'a step up where there is no fix yet', world: 'debian', add: [upgrade('wget', '1.21-1+deb11u2')] },
  {
    name: 'a reason in other words',
    world: 'alpine',
    plan: { reason: 'Das hält — „alles" 100 % gepatcht; 修正済み ✓' },
  },
  { name: 'no confidence at all', world: 'rocky', plan: { confidence: 0 } },
  {
    name: 'a sibling that has the fix already',
    world: 'debian',
    fact: { 'libssl1.1': { installed: '1.1.1n-0+deb11u5' } },
    installed: { 'libssl1.1': { version: '1.1.1n-0+deb11u5' } },
  },
  {
    name: 'a source that is left as one of it is held',
    world: 'debian',
    fact: { libcurl4: { held: true } },
    installed: { libcurl4: { held: true } },
    drop: ['curl', 'libcurl4'],
  },
];
