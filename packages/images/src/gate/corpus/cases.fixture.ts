/** Plans that are not of their image, or do not do what they say, by class. */
import type { InstalledPackage, Inventory } from '../../inventory/inventory.ts';
import type { PlanFacts, PlanPackage } from '../../plan/plan.ts';
import type { GatePolicy } from '../verdict.ts';
import type { WorldName } from './worlds.fixture.ts';

export interface Case {
  readonly name: string;
  readonly world: WorldName;
  /** Put over the good proposal. */
  readonly plan?: object;
  /** Put over changes, by name. */
  readonly change?: Readonly<Record<string, object>>;
  readonly add?: readonly object[];
  readonly drop?: readonly string[];
  readonly policy?: Partial<GatePolicy>;
  readonly facts?: Partial<PlanFacts>;
  readonly fact?: Readonly<Record<string, Partial<PlanPackage>>>;
  readonly inventory?: Partial<Inventory>;
  readonly installed?: Readonly<Record<string, Partial<InstalledPackage>>>;
  /** Taken out of the image, not of the facts. */
  readonly missing?: readonly string[];
}

export interface CaseClass {
  readonly name: string;
  readonly cases: readonly Case[];
}

export const upgrade = (name: string, minVersion: string): object => ({
  name,
  action: 'upgrade',
  minVersion,
  replacement: null,
});
export const MISMATCH_CLASSES: readonly CaseClass[] = [
  {
    name: 'packages that are not concerned',
    cases: [
      { name: 'a tool for later', world: 'debian', add: [upgrade('netcat', '1')] },
      { name: 'a server', world: 'rocky', add: [upgrade('openssh-server', '9')] },
      { name: 'a compiler', world: 'alpine', add: [upgrade('build-base', '0.5-r3')] },
      { name: 'the shell, which no finding is about', world: 'debian', add: [upgrade('bash', '5.2')] },
      { name: 'apt, which no finding is about', world: 'debian', add: [upgrade('apt', '2.2.5')] },
      { name: 'the keys of the distribution', world: 'alpine', add: [upgrade('alpine-keys', '2.4-r2')] },
      { name: 'rpm-libs at no newer version', world: 'rocky', add: [upgrade('rpm-libs', '4.16.1.3-29.el9')] },
      {
        name: 'the release itself',
        world: 'amazon',
        add: [upgrade('system-release', '2023.5.20240903-1.amzn2023')],
      },
      { name: 'a typed error in a name', world: 'debian', add: [upgrade('opensssl', '1.1.1w-0+deb11u1')] },
      { name: 'a capital I for an l', world: 'rocky', add: [upgrade('openssI', '1:3.0.7-27.el9')] },
      { name: 'a name of another distribution', world: 'alpine', add: [upgrade('libssl1.1', '1.1.1w-r0')] },
      { name: 'a name that was thought up', world: 'ubi', add: [upgrade('openssl-security-fix', '1-1')] },
      { name: 'only what is not there', world: 'debian', plan: { packages: [upgrade('openssl-fips', '3')] } },
    ],
  },
  {
    name: 'facts that are not of this image',
    cases: [
      { name: 'a package that the image has lost', world: 'debian', missing: ['tzdata'] },
      { name: 'a package that the image never had', world: 'rocky', missing: ['expat'] },
      { name: 'one of many that is gone', world: 'alpine', missing: ['ssl_client'] },
      {
        name: 'a version that was never there',
        world: 'debian',
        installed: { libxml2: { version: '2.9.14+dfsg-1' } },
      },
      {
        name: 'a database that is newer than the facts',
        world: 'rocky',
        installed: { expat: { version: '2.5.0-3.el9' } },
      },
      {
        name: 'a database that is older than the facts',
        world: 'alpine',
        installed: { libexpat: { version: '2.5.0-r0' } },
      },
      {
        name: 'an epoch that was lost',
        world: 'amazon',
        installed: { nodejs: { version: '18.17.1-1.amzn2023' } },
      },
      { name: 'a release that was lost', world: 'ubi', installed: { 'krb5-libs': { version: '1.21.1' } } },
    ],
  },
  {
    name: 'wrong distribution',
    cases: [
      { name: 'apt for rocky', world: 'rocky', facts: { manager: 'apt' } },
      { name: 'dnf where only microdnf is', world: 'ubi', facts: { manager: 'dnf' } },
      { name: 'zypper for amazon', world: 'amazon', facts: { manager: 'zypper' } },
      { name: 'apk for debian', world: 'debian', facts: { manager: 'apk' } },
      { name: 'rpm packages in an apk image', world: 'alpine', inventory: { format: 'rpm' } },
      { name: 'deb packages in an rpm image', world: 'debian', inventory: { format: 'rpm' } },
      {
        name: 'debian 12 for debian 11',
        world: 'debian',
        facts: {
          distro: { id: 'debian', version: '12', codename: 'bookworm', idLike: [], supportEnd: null },
        },
      },
      {
        name: 'alma for rocky',
        world: 'rocky',
        inventory: {
          distro: { id: 'almalinux', version: '9.3', codename: null, idLike: [], supportEnd: null },
        },
      },
      { name: 'an image that does not say', world: 'alpine', inventory: { distro: null } },
      {
        name: 'in place where there are no tools',
        world: 'ubi',
        inventory: { state: 'no-tools', manager: null },
      },
      {
        name: 'in place in a distroless image',
        world: 'debian',
        inventory: { state: 'distroless', manager: null },
      },
    ],
  },
  {
    name: 'downgrades and versions that do not fix',
    cases: [
      {
        name: 'what is installed, as the lowest',
        world: 'debian',
        change: { libcurl4: { minVersion: '7.74.0-1.3+deb11u3' } },
      },
      {
        name: 'below what is installed',
        world: 'debian',
        change: { libcurl4: { minVersion: '7.74.0-1.3' } },
      },
      {
        name: 'a tilde that goes below',
        world: 'debian',
        change: { libcurl4: { minVersion: '7.74.0-1.3+deb11u3~bpo1' } },
      },
      {
        name: 'an older release of rpm',
        world: 'rocky',
        change: { 'libcurl-minimal': { minVersion: '7.76.1-2.el9' } },
      },
      { name: 'an older apk', world: 'alpine', change: { ssl_client: { minVersion: '1.36.1-r1' } } },
      {
        name: 'a pre-release of what is installed',
        world: 'alpine',
        change: { ssl_client: { minVersion: '1.36.1_rc1-r9' } },
      },
      {
        name: 'an update that was before the fix',
        world: 'debian',
        change: { openssl: { minVersion: '1.1.1n-0+deb11u4' } },
      },
      {
        name: 'a fix without its epoch',
        world: 'rocky',
        change: { openssl: { minVersion: '3.0.7-24.el9' } },
      },
      {
        name: 'one release below the fix',
        world: 'rocky',
        change: { glibc: { minVersion: '2.34-83.el9.6' } },
      },
      { name: 'one below the fix of apk', world: 'alpine', change: { libssl3: { minVersion: '3.1.4-r0' } } },
      {
        name: 'a tilde before the fix',
        world: 'debian',
        change: { libxml2: { minVersion: '2.9.10+dfsg-6.7+deb11u4~' } },
      },
      {
        name: 'a caret before the fix',
        world: 'ubi',
        change: { 'krb5-libs': { minVersion: '1.21.1-1.el9^1' } },
      },
      {
        name: 'a number that is read as larger',
        world: 'amazon',
        change: { glibc: { minVersion: '2.34-52.amzn2023.0.4' } },
      },
    ],
  },
  {
    name: 'versions that nobody has',
    cases: [
      {
        name: 'newer than the mirror',
        world: 'debian',
        change: { openssl: { minVersion: '3.0.11-1~deb12u2' } },
      },
      {
        name: 'one update too new',
        world: 'debian',
        change: { libxml2: { minVersion: '2.9.10+dfsg-6.7+deb11u6' } },
      },
      {
        name: 'an epoch that was thought up',
        world: 'rocky',
        change: { expat: { minVersion: '1:2.5.0-1.el9_3.1' } },
      },
      { name: 'one release too new', world: 'alpine', change: { musl: { minVersion: '1.2.4-r3' } } },
      {
        name: 'a fix that the mirror does not have',
        world: 'debian',
        add: [upgrade('libexpat1', '2.2.10-2+deb11u5')],
      },
      {
        name: 'a fix of rpm that the mirror does not have',
        world: 'rocky',
        add: [upgrade('libxml2', '2.9.13-6.el9')],
      },
      {
        name: 'a package that the mirror does not have',
        world: 'ubi',
        add: [upgrade('gnutls', '3.8.9-1.el9')],
      },
      {
        name: 'a fix of apk that the mirror does not have',
        world: 'alpine',
        add: [upgrade('zlib', '1.3.1-r0')],
      },
      {
        name: 'a caret above the candidate',
        world: 'rocky',
        change: { expat: { minVersion: '2.5.0-1.el9_3.1^git' } },
      },
      { name: 'the version of the far future', world: 'amazon', change: { glibc: { minVersion: '2.99-1' } } },
    ],
  },
  {
    name: 'what is left out without a word',
    cases: [
      { name: 'the library beside the program', world: 'debian', drop: ['libssl1.1'] },
      { name: 'the program beside the library', world: 'debian', drop: ['openssl'] },
      { name: 'a sibling without a fix of its own', world: 'debian', drop: ['libcurl4'] },
      {
        name: 'all but one source',
        world: 'debian',
        drop: ['libc6', 'libc-bin', 'libxml2', 'tzdata', 'curl', 'libcurl4'],
      },
      { name: 'one source of rpm', world: 'rocky', drop: ['expat'] },
      { name: 'the C library', world: 'rocky', drop: ['glibc'] },
      { name: 'one of apk', world: 'alpine', drop: ['libcrypto3'] },
      { name: 'a sibling of busybox', world: 'alpine', drop: ['ssl_client'] },
      { name: 'everything, put off', world: 'debian', plan: { strategy: 'defer', packages: [] } },
      {
        name: 'everything, put off by order of a finding',
        world: 'rocky',
        plan: {
          strategy: 'defer',
          packages: [],
          reason: 'The report says that all findings are false positives.',
        },
      },
      {
        name: 'everything, with a name that only looks named',
        world: 'alpine',
        plan: { strategy: 'defer', packages: [], reason: 'See libssl3-dev, libcrypto3-static and musl-dev.' },
      },
      { name: 'put off at amazon', world: 'amazon', plan: { strategy: 'defer', packages: [], requires: [] } },
    ],
  },
];
