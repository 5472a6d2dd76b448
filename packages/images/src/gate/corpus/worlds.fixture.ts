/** Small images of four distributions, as tables, and a gate's input for each of them. */
import type {
  Distro,
  InstalledPackage,
  Inventory,
  PackageFormat,
  PackageManager,
} from '../../inventory/inventory.ts';
import type { PackageChange, PlanFacts, PlanPackage, Proposal } from '../../plan/plan.ts';
import { STRICT_POLICY, type GateInput, type Offer } from '../verdict.ts';

export const WORLD_NAMES = ['debian', 'rocky', 'alpine', 'amazon', 'ubi'] as const;
export type WorldName = (typeof WORLD_NAMES)[number];

export interface World {
  readonly input: Omit<GateInput, 'proposal'>;
  /** Good, and of everything that can be fixed. */
  readonly proposal: Proposal;
  /** A version between the fix and the candidate of the first package. */
  readonly between: string;
}

interface Table {
  readonly distro: Distro;
  readonly format: PackageFormat;
  readonly manager: PackageManager;
  readonly architecture: string;
  readonly between: string;
  /** `name source installed candidate fixed depends provides`; `-`: none; a candidate `!`: no finding is about it; `held`. */
  readonly rows: string;
  /** `name version replaces provides`. */
  readonly offers: string;
}

const distro = (id: string, version: string, codename: string | null): Distro => {
  return { id, version, codename, idLike: [], supportEnd: null };
};

const TABLES: Readonly<Record<WorldName, Table>> = {
  debian: {
    distro: distro('debian', '11', 'bullseye'),
    format: 'deb',
    manager: 'apt',
    architecture: 'amd64',
    between: '1.1.1q',
    rows: `
      libssl1.1   openssl 1.1.1n-0+deb11u3      1.1.1w-0+deb11u1       1.1.1n-0+deb11u5      libc6             -
      openssl     openssl 1.1.1n-0+deb11u3      1.1.1w-0+deb11u1       1.1.1n-0+deb11u5      libc6,libssl1.1   -
      libc6       glibc   2.31-13+deb11u5       2.31-13+deb11u11       2.31-13+deb11u7       libgcc-s1         -
      libc-bin    glibc   2.31-13+deb11u5       2.31-13+deb11u11       2.31-13+deb11u7       libc6             -
      curl        curl    7.74.0-1.3+deb11u3    7.74.0-1.3+deb11u13    7.74.0-1.3+deb11u7    libc6,libcurl4    -
      libcurl4    curl    7.74.0-1.3+deb11u3    7.74.0-1.3+deb11u13    -                     libc6,libssl1.1   -
      libxml2     libxml2 2.9.10+dfsg-6.7       2.9.10+dfsg-6.7+deb11u5 2.9.10+dfsg-6.7+deb11u4 libc6          -
      tzdata      tzdata  2021a-1+deb11u8       2024b-0+deb11u1        2021a-1+deb11u10      -                 -
      libexpat1   expat   2.2.10-2+deb11u4      -  2.2.10-2+deb11u5      libc6             -
      wget        wget    1.21-1+deb11u1        1.21-1+deb11u2         -                     libc6,libssl1.1   -
      git         git     1:2.30.2-1            1:2.30.2-1+deb11u4     1:2.30.2-1+deb11u2    libc6             held
      mawk        mawk    1.3.4.20200120-2      -                      -                     libc6             awk
      libgcc-s1   gcc-10  10.2.1-6              !                      -                     -                 -
      libstdc++6  gcc-10  10.2.1-6              !                      -                     libc6             -
      bash        bash    5.1-2+deb11u1         !                      -                     libc6             -
      apt         apt     2.2.4                 !                      -                     libc6             -
      base-files  base-files 11.1+deb11u5       !                      -                     awk               -`,
    offers: `
      libcurl4t64    8.0-1             libcurl4           libcurl4
      libcur14       8.0-1             libcurl4           libcurl4
      wget2          2.0-1             wget               -
      gawk           1:5.1.0-1         mawk               awk
      busybox-awk    1:1.30.1-6        mawk               -
      evil-curl      99.0-1            openssl            -`,
  },
  rocky: {
    distro: distro('rocky', '9.3', null),
    format: 'rpm',
    manager: 'dnf',
    architecture: 'x86_64',
    between: '1:3.0.7-25.el9_3',
    rows: `
      openssl-libs     openssl 1:3.0.7-16.el9_2   1:3.0.7-27.el9    1:3.0.7-24.el9    glibc                    -
      openssl          openssl 1:3.0.7-16.el9_2   1:3.0.7-27.el9    1:3.0.7-24.el9    glibc,openssl-libs       -
      glibc            glibc   2.34-60.el9        2.34-83.el9.12    2.34-83.el9.7     -                        libc.so.6
      curl-minimal     curl    7.76.1-23.el9      7.76.1-26.el9     7.76.1-26.el9     glibc,libcurl-minimal    curl
      libcurl-minimal  curl    7.76.1-23.el9      7.76.1-26.el9     -                 glibc,openssl-libs       libcurl
      expat            expat   2.5.0-1.el9        2.5.0-1.el9_3.1   2.5.0-1.el9_3.1   glibc                    -
      python3-libs     python3.9 3.9.16-1.el9     3.9.18-1.el9_3.1  3.9.18-1.el9_3.1  expat,openssl-libs       -
      libxml2          libxml2 2.9.13-3.el9       -     2.9.13-6.el9      glibc                    -
      rpm-libs         rpm     4.16.1.3-22.el9    !                 -                 glibc                    -
      dnf              dnf     4.14.0-5.el9       !                 -                 python3-libs             -
      Box2D            Box2D   2.4.1-7.el9        !                 -                 -                        -
      NetworkManager   NetworkManager 1:1.42.2-1.el9 1:1.42.2-8.el9_3 1:1.42.2-8.el9_3 glibc                   held`,
    offers: `
      curl             7.76.1-26.el9   curl-minimal      curl
      expat-ng         9-1             expat             expat
      Iibxml2          2.9.13-9.el9    libxml2           -`,
  },
  alpine: {
    distro: distro('alpine', '3.18.4', null),
    format: 'apk',
    manager: 'apk',
    architecture: 'x86_64',
    between: '3.1.4-r2',
    rows: `
      libcrypto3   openssl  3.1.3-r0     3.1.4-r6    3.1.4-r1    musl                so:libcrypto.so.3
      libssl3      openssl  3.1.3-r0     3.1.4-r6    3.1.4-r1    musl,libcrypto3     so:libssl.so.3
      musl         musl     1.2.4-r1     1.2.4-r2    1.2.4-r2    -                   so:libc.musl-x86_64.so.1
      busybox      busybox  1.36.1-r2    1.36.1-r7   1.36.1-r5   musl                /bin/sh
      ssl_client   busybox  1.36.1-r2    1.36.1-r7   -           so:libssl.so.3      -
      zlib         zlib     1.2.13-r1    -   1.3.1-r0    musl                -
      libexpat     expat    2.5.0-r1     2.6.2-r0    2.6.0-r0    musl                -
      apk-tools    apk-tools 2.14.0-r2   !           -           musl,libcrypto3     -
      alpine-keys  alpine-keys 2.4-r1    !           -           -                   -`,
    offers: `
      mimalloc-zlib 3.0-r0     zlib       -
      libssI3       3.1.4-r6   libssl3    so:libssl.so.3`,
  },
  amazon: {
    distro: distro('amzn', '2023', null),
    format: 'rpm',
    manager: 'dnf',
    architecture: 'aarch64',
    between: '1:3.0.8-1.amzn2023.0.10',
    rows: `
      openssl-libs   openssl 1:3.0.8-1.amzn2023.0.2  1:3.0.8-1.amzn2023.0.14 1:3.0.8-1.amzn2023.0.9  glibc   -
      glibc          glibc   2.34-52.amzn2023.0.3    2.34-52.amzn2023.0.11   2.34-52.amzn2023.0.8    -       libc.so.6
      libnghttp2     nghttp2 1.55.1-1.amzn2023.0.1   1.59.0-3.amzn2023.0.1   1.57.0-1.amzn2023.0.1   glibc   -
      nodejs         nodejs  1:18.17.1-1.amzn2023    1:20.12.2-1.amzn2023    1:18.18.2-1.amzn2023    glibc   -
      system-release system-release 2023.2.20231018-1.amzn2023 ! - - -`,
    offers: '',
  },
  ubi: {
    distro: distro('rhel', '9.4', null),
    format: 'rpm',
    manager: 'microdnf',
    architecture: 'x86_64',
    between: '2.9.13-5.el9_3',
    rows: `
      libxml2        libxml2  2.9.13-3.el9    2.9.13-6.el9_4   2.9.13-4.el9    glibc          -
      krb5-libs      krb5     1.21.1-1.el9    1.21.1-2.el9_4   1.21.1-2.el9_4  glibc          -
      glibc          glibc    2.34-100.el9    2.36-1.el9       2.34-100.el9_4.2 -             -
      gnutls         gnutls   3.8.3-1.el9     -                3.8.9-1.el9     glibc          -
      microdnf       microdnf 3.9.1-3.el9     !                -               glibc          -`,
    offers: '',
  },
};

export function worldOf(name: WorldName): World {
  const table = TABLES[name];
  const rows = rowsOf(table.rows);
  const facts = toFacts(table, rows);
  const input = {
    facts,
    inventory: toInventory(table, rows),
    offers: toOffers(table.offers),
    policy: STRICT_POLICY,
  };
  return { input, proposal: toProposal(facts), between: table.between };
}

/** Upgrades of everything that can be fixed, source by source, as the gate wants them. */
export function toProposal(facts: PlanFacts): Proposal {
  const sources = new Set(facts.packages.filter(hasFix).map(({ source }) => source));
  const packages = facts.packages
    .filter((entry) => sources.has(entry.source) && !entry.held)
    .map(({ name, fixed, candidate }): PackageChange => {
      return { name, action: 'upgrade', minVersion: fixed ?? candidate, replacement: null };
    });
  const requires = facts.distro.id === 'amzn' ? (['release-lock'] as const) : [];
  return { strategy: 'in-place', packages, requires, reason: 'The mirror has the fixes.', confidence: 0.9 };
}

/** Good enough for the tables: where the candidate is not the installed one and there is a fix, it has the fix. */
function hasFix({ fixed, candidate, installed }: PlanPackage): boolean {
  return fixed !== null && candidate !== null && candidate !== installed;
}

type Row = readonly string[];

function rowsOf(text: string): readonly Row[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').map((line) => line.split(/\s+/));
}

const orNull = (text: string | undefined): string | null =>
  text === undefined || text === '-' ? null : text;
const listOf = (text: string | undefined): readonly string[] => orNull(text)?.split(',') ?? [];

function toFacts({ distro: found, format, manager }: Table, rows: readonly Row[]): PlanFacts {
  const packages = rows
    .filter(([, , , candidate]) => candidate !== '!')
    .map(([name = '', source = '', installed = '', candidate, fixed, , provides], index): PlanPackage => {
      const vulnerabilities = [`CVE-2024-${1000 + index}`];
      const held = provides === 'held';
      return {
        name,
        source,
        installed,
        candidate: orNull(candidate),
        fixed: orNull(fixed),
        held,
        vulnerabilities,
      };
    });
  return {
    baseDigest: `sha256:${'b'.repeat(64)}`,
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    distro: found,
    format,
    manager,
    endOfLife: false,
    packages,
    findings: packages.flatMap(({ vulnerabilities }) => vulnerabilities),
  };
}

function toInventory(
  { distro: found, format, manager, architecture }: Table,
  rows: readonly Row[],
): Inventory {
  const packages = rows.map(
    ([name = '', source = '', version = '', , , depends, provides]): InstalledPackage => {
      return {
        name,
        version,
        architecture,
        source: { name: source, version },
        manual: null,
        held: provides === 'held',
        depends: listOf(depends).map((one) => [one]),
        provides: provides === 'held' ? [] : listOf(provides),
      };
    },
  );
  return { distro: found, format, state: 'managed', manager, packages };
}

function toOffers(text: string): ReadonlyMap<string, Offer> {
  return new Map(
    rowsOf(text).map(([name = '', version = '', replaces, provides]) => {
      return [name, { version, replaces: listOf(replaces), provides: listOf(provides) }];
    }),
  );
}
