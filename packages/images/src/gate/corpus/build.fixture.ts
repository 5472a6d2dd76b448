/** Cases, payloads and texts of the corpus as inputs of the gate, and good plans for images made from a seed. */
import type { InstalledPackage } from '../../inventory/inventory.ts';
import type { PackageChange, PlanPackage } from '../../plan/plan.ts';
import type { GateInput, Offer } from '../verdict.ts';
import { MISMATCH_CLASSES, type Case } from './cases.fixture.ts';
import { EXCEPTION_CLASSES } from './exceptions.fixture.ts';
import { PAYLOAD_CLASSES, type Place } from './payloads.fixture.ts';
import { JSON_TRICKS, SCRIPTS } from './texts.fixture.ts';
import { toProposal, worldOf, type World, type WorldName } from './worlds.fixture.ts';

export interface Entry {
  readonly class: string;
  readonly name: string;
  readonly input: GateInput;
}

/** One of each format. */
const FORMATS: readonly WorldName[] = ['debian', 'rocky', 'alpine'];

/** Everything that the gate has to refuse. */
export function buildAttacks(): readonly Entry[] {
  const cases = [...MISMATCH_CLASSES, ...EXCEPTION_CLASSES].flatMap(({ name, cases: list }) =>
    list.map((one) => ({ class: name, name: `${one.name} (${one.world})`, input: buildCase(one) })),
  );
  const texts = [
    ...toEntries('JSON tricks', JSON_TRICKS),
    ...toEntries('scripts in place of plans', SCRIPTS),
  ];
  return [...cases, ...buildPayloads(), ...texts];
}

function toEntries(name: string, texts: readonly string[]): readonly Entry[] {
  const { input, proposal } = worldOf('debian');
  const plan = JSON.stringify(proposal);
  const packages = JSON.stringify(proposal.packages);
  return texts.map((text) => {
    const proposed = text.replaceAll('<packages>', () => packages).replaceAll('<plan>', () => plan);
    return { class: name, name: text.slice(0, 60), input: { ...input, proposal: proposed } };
  });
}

export function buildCase(one: Case): GateInput {
  const { input, proposal } = worldOf(one.world);
  const { facts, inventory, policy } = input;
  const kept = proposal.packages.filter(({ name }) => one.drop?.includes(name) !== true);
  const packages = [
    ...kept.map((change) => ({ ...change, ...one.change?.[change.name] })),
    ...(one.add ?? []),
  ];
  return {
    facts: {
      ...facts,
      packages: facts.packages.map((entry) => ({ ...entry, ...one.fact?.[entry.name] })),
      ...one.facts,
    },
    inventory: {
      ...inventory,
      packages: inventory.packages
        .filter(({ name }) => one.missing?.includes(name) !== true)
        .map((entry) => ({ ...entry, ...one.installed?.[entry.name] })),
      ...one.inventory,
    },
    offers: input.offers,
    policy: { ...policy, ...one.policy },
    proposal: { ...proposal, packages, ...one.plan },
  };
}

function buildPayloads(): readonly Entry[] {
  return PAYLOAD_CLASSES.flatMap(({ name, places, payloads }) =>
    payloads.flatMap((payload, index) =>
      places.map((place, turn) => {
        // Each in one of the three formats, in turn.
        const world = FORMATS[(index + turn) % FORMATS.length] ?? 'debian';
        const title = `${JSON.stringify(payload.slice(0, 40))} as ${place} (${world})`;
        return { class: name, name: title, input: put(worldOf(world), { place, payload }) };
      }),
    ),
  );
}

function put(
  { input, proposal, between }: World,
  { place, payload }: { readonly place: Place; readonly payload: string },
): GateInput {
  const [first, ...rest] = proposal.packages;
  if (first === undefined) throw new Error('A world has no packages.');
  const change = (fields: object): object => ({ ...proposal, packages: [{ ...first, ...fields }, ...rest] });
  switch (place) {
    case 'name':
      return {
        ...input,
        proposal: { ...proposal, packages: [...proposal.packages, { ...first, name: payload }] },
      };
    case 'image-name':
      return { ...rename(input, { from: first.name, to: payload }), proposal: change({ name: payload }) };
    case 'version':
      return { ...input, proposal: change({ minVersion: payload.replaceAll('<between>', between) }) };
    case 'reason':
      return { ...input, proposal: { ...proposal, reason: `Good. ${payload}` } };
    case 'key':
      return { ...input, proposal: change({ [payload]: 'x' }) };
    case 'replacement':
      return {
        ...allow(input),
        proposal: { ...change(replaceBy(first, payload)), requires: ['replace-package'] },
      };
    case 'offer': {
      const offer: Offer = {
        version: first.minVersion ?? '',
        replaces: [first.name],
        provides: provided(input, first.name),
      };
      const offers = new Map([...input.offers, [payload, offer]]);
      const replaced = { ...change(replaceBy(first, payload)), requires: ['replace-package'] };
      return { ...allow(input), offers, proposal: replaced };
    }
    default:
      throw place satisfies never;
  }
}

function replaceBy({ minVersion }: PackageChange, replacement: string): object {
  return { action: 'replace', minVersion, replacement };
}

function provided({ inventory }: Pick<GateInput, 'inventory'>, name: string): readonly string[] {
  const found = inventory.packages.find((entry) => entry.name === name);
  return [name, ...(found?.provides ?? [])];
}

function allow(input: World['input']): World['input'] {
  return { ...input, policy: { ...input.policy, capabilities: ['replace-package'] } };
}

/** A hostile image: the package is really called so, and those who need it know it. */
function rename(
  input: World['input'],
  { from, to }: { readonly from: string; readonly to: string },
): World['input'] {
  const named = <T extends { readonly name: string }>(entry: T): T =>
    entry.name === from ? { ...entry, name: to } : entry;
  return {
    ...input,
    facts: { ...input.facts, packages: input.facts.packages.map(named) },
    inventory: { ...input.inventory, packages: input.inventory.packages.map(named) },
  };
}

/** Names of real packages, as they are in images of each distribution; `source/name` where they differ. */
const REAL: Readonly<Record<string, string>> = {
  debian:
    'adduser apt/libapt-pkg6.0 attr/libattr1 audit/libaudit1 audit/libaudit-common bzip2/libbz2-1.0 cdebconf/libdebconfclient0 db5.3/libdb5.3 e2fsprogs/libcom-err2 e2fsprogs/libext2fs2 e2fsprogs/libss2 e2fsprogs/logsave expat/libexpat1 gcc-12/g++-12 gcc-12/libstdc++6 gcc-12/libstdc++-12-dev gmp/libgmp10 gnutls28/libgnutls30 krb5/libgssapi-krb5-2 krb5/libk5crypto3 krb5/libkrb5-3 krb5/libkrb5support0 libcap2 libffi/libffi8 libgcrypt20 libidn2/libidn2-0 libsepol/libsepol2 libtasn1-6 libunistring/libunistring2 libx11/libx11-6 libx11/libx11-data libxml++2.6/libxml++2.6-2v5 lz4/liblz4-1 ncurses/libtinfo6 ncurses/ncurses-base ncurses/ncurses-bin nettle/libhogweed6 nettle/libnettle8 nghttp2/libnghttp2-14 openldap/libldap-2.5-0 openssl openssl/libssl3 p11-kit/libp11-kit0 pam/libpam-modules pam/libpam-modules-bin pam/libpam-runtime pam/libpam0g pcre2/libpcre2-8-0 python3.11 python3.11/libpython3.11-minimal python3.11/libpython3.11-stdlib sqlite3/libsqlite3-0 xxhash/libxxhash0 xz-utils/liblzma5 zlib/zlib1g 7zip notepadqq/notepad++ isc-dhcp/dhcpcd.x',
  rocky:
    'audit/audit-libs bzip2/bzip2-libs ca-certificates curl/libcurl-minimal cyrus-sasl/cyrus-sasl-lib expat file/file-libs gawk gcc/libgcc gcc/libgomp gcc/libstdc++ gcc-c++ gmp gnupg2 gnutls json-c krb5/krb5-libs libarchive libcap libcom_err libevent libffi libgcrypt libidn2 libksba libnghttp2 libtasn1 libxml2 libxcrypt lua/lua-libs lz4/lz4-libs ncurses/ncurses-base ncurses/ncurses-libs nettle openldap openssl openssl/openssl-libs p11-kit p11-kit/p11-kit-trust pcre2 pcre2/pcre2-syntax python3.9/python3 python3.9/python3-libs python-setuptools/python3-setuptools-wheel sqlite/sqlite-libs tzdata xz/xz-libs zlib ModemManager ImageMagick-c++ perl-Text-Tabs+Wrap',
  alpine:
    'brotli/brotli-libs c-ares ca-certificates ca-certificates/ca-certificates-bundle curl curl/libcurl e2fsprogs/libcom_err expat/libexpat gcc/libgcc gcc/libstdc++ git icu/icu-libs krb5/krb5-libs libedit libffi libidn2 libunistring libxml2 libxslt lz4/lz4-libs mpdecimal ncurses/libncursesw ncurses/ncurses-terminfo-base nghttp2/nghttp2-libs nginx openssl/libcrypto3 openssl/libssl3 pcre2 python3 python3/pyc py3-pip readline scanelf sqlite/sqlite-libs tzdata xz/xz-libs zlib zstd/zstd-libs postgresql15-client so-utils py3.11-compat gtk+3.0',
};

type Random = (below: number) => number;

/** Mulberry32: the same seed gives the same numbers. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A good plan for an image that is made from the seed: findings about some of its sources, all fixed in the mirror. */
export function buildGood(seed: number): Entry {
  const random = randomOf(seed);
  const world = FORMATS[random(FORMATS.length)] ?? 'debian';
  const { input } = worldOf(world);
  const names = (REAL[world] ?? '').split(' ').map((text) => {
    const [source = '', name = source] = text.split('/');
    return { source, name };
  });
  const sources = [...new Set(names.map(({ source }) => source))];
  const found = new Set(sources.filter(() => random(4) === 0));
  if (found.size === 0) found.add(sources[random(sources.length)] ?? '');
  const versions = new Map(sources.map((source) => [source, makeVersions(world, random)]));
  const packages = names.flatMap(({ source, name }): readonly PlanPackage[] => {
    const made = versions.get(source);
    if (!found.has(source) || made === undefined) return [];
    return [{ name, source, ...made, held: false, vulnerabilities: [`CVE-2024-${random(9000) + 1000}`] }];
  });
  const installed = names.map(({ source, name }): InstalledPackage => {
    const version = versions.get(source)?.installed ?? '';
    const depends = [[names[random(names.length)]?.name ?? name]];
    return {
      name,
      version,
      architecture: 'amd64',
      source: { name: source, version },
      manual: null,
      held: false,
      depends,
      provides: [],
    };
  });
  const facts = { ...input.facts, packages };
  const plan = toProposal(facts);
  // The lowest version may be any from the fix to the candidate.
  const changes = plan.packages.map((change) => {
    const candidate = packages.find(({ name }) => name === change.name)?.candidate ?? change.minVersion;
    return random(2) === 0 ? change : { ...change, minVersion: candidate };
  });
  const proposal = { ...plan, packages: changes };
  return {
    class: `made from seeds, ${world}`,
    name: `seed ${seed}`,
    input: { ...input, facts, inventory: { ...input.inventory, packages: installed }, proposal },
  };
}

function makeVersions(
  world: WorldName,
  random: Random,
): { readonly installed: string; readonly fixed: string; readonly candidate: string } {
  const upstream = `${random(12)}.${random(40)}.${random(20)}`;
  const [from, step, more] = [random(9), random(3) + 1, random(4)];
  const make = (update: number): string => {
    if (world === 'debian') return `${upstream}-1+deb11u${update}`;
    return world === 'alpine' ? `${upstream}-r${update}` : `${upstream}-${update}.el9_3.${update}`;
  };
  const epoch = world !== 'alpine' && random(5) === 0 ? '1:' : '';
  return {
    installed: epoch + make(from),
    fixed: epoch + make(from + step),
    candidate: epoch + make(from + step + more),
  };
}
