/**
 * Until when a distribution gets fixes for everybody, as facts that came with this release, so that it works offline.
 * Dates are those of the distributions' own life-cycle pages (for Debian and Ubuntu their distro-info-data): the end of
 * free long-term support where there is one (Debian LTS), of standard support where the rest is sold (Ubuntu, SUSE,
 * Red Hat). Releases that ended long ago are there too: what is not in the table counts as not known, not as ended.
 */
import type { Distro } from '../inventory/inventory.ts';

/** `ID` of os-release → `VERSION_ID`, or a prefix of it that ends at a dot → the last day with support, ISO date. */
const ENDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    7: '2018-05-31',
    8: '2020-06-30',
    9: '2022-06-30',
    10: '2024-06-30',
    11: '2026-08-31',
    12: '2028-06-30',
    13: '2030-06-30',
  },
  ubuntu: {
    '12.04': '2017-04-28',
    '14.04': '2019-04-30',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '18.10': '2019-07-18',
    '19.04': '2020-01-23',
    '19.10': '2020-07-17',
    '20.04': '2025-05-31',
    '20.10': '2021-07-22',
    '21.04': '2022-01-20',
    '21.10': '2022-07-14',
    '22.04': '2027-06-01',
    '22.10': '2023-07-20',
    '23.04': '2024-01-25',
    '23.10': '2024-07-11',
    '24.04': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-15',
    '25.10': '2026-07-09',
    '26.04': '2031-05-29',
  },
  alpine: {
    3.1: '2016-11-01',
    3.2: '2017-05-01',
    3.3: '2017-11-01',
    3.4: '2018-05-01',
    3.5: '2018-11-01',
    3.6: '2019-05-01',
    3.7: '2019-11-01',
    3.8: '2020-05-01',
    3.9: '2020-11-01',
    '3.10': '2021-05-01',
    3.11: '2021-11-01',
    3.12: '2022-05-01',
    3.13: '2022-11-01',
    3.14: '2023-05-01',
    3.15: '2023-11-01',
    3.16: '2024-05-23',
    3.17: '2024-11-22',
    3.18: '2025-05-09',
    3.19: '2025-11-01',
    '3.20': '2026-04-01',
    3.21: '2026-11-01',
    3.22: '2027-05-01',
    3.23: '2027-11-01',
    3.24: '2028-06-01',
  },
  rhel: {
    5: '2017-03-31',
    6: '2020-11-30',
    7: '2024-06-30',
    8: '2029-05-31',
    9: '2032-05-31',
    10: '2035-05-31',
  },
  // The eighth is that of Stream, which outlived CentOS Linux 8 and has the same VERSION_ID.
  centos: {
    5: '2017-03-31',
    6: '2020-11-30',
    7: '2024-06-30',
    8: '2024-05-31',
    9: '2027-05-31',
    10: '2030-05-31',
  },
  rocky: { 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  almalinux: { 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  ol: { 6: '2021-03-31', 7: '2024-12-31', 8: '2029-07-31', 9: '2032-06-30' },
  amzn: { 2016: '2023-12-31', 2017: '2023-12-31', 2018: '2023-12-31', 2: '2026-06-30', 2023: '2029-06-30' },
  fedora: {
    35: '2022-12-13',
    36: '2023-05-16',
    37: '2023-12-05',
    38: '2024-05-21',
    39: '2024-11-26',
    40: '2025-05-13',
    41: '2025-12-15',
    42: '2026-05-27',
    43: '2026-12-09',
    44: '2027-06-02',
  },
  sles: {
    12.3: '2019-06-30',
    12.4: '2020-06-30',
    12.5: '2024-10-31',
    15.1: '2021-01-31',
    15.2: '2021-12-31',
    15.3: '2022-12-31',
    15.4: '2023-12-31',
    15.5: '2024-12-31',
    15.6: '2025-12-31',
    15.7: '2031-07-31',
    '16.0': '2027-11-30',
  },
  'opensuse-leap': {
    '15.0': '2019-12-03',
    15.1: '2021-02-02',
    15.2: '2022-01-04',
    15.3: '2022-12-31',
    15.4: '2023-12-07',
    15.5: '2024-12-31',
    15.6: '2026-04-30',
    '16.0': '2027-10-31',
  },
  photon: { '1.0': '2022-02-28', '2.0': '2022-12-01', '3.0': '2025-10-02', '4.0': '2027-10-11' },
  mariner: { '1.0': '2023-07-31', '2.0': '2025-07-31' },
};

const DAY = 24 * 60 * 60 * 1000;

/**
 * The last day with support, ISO date. Our table is asked first, since an image's own `SUPPORT_END` is as old as the
 * image and may be anybody's; null when neither knows.
 */
export function endOfSupport(distro: Distro): string | null {
  return tableEnd(distro) ?? isoDate(distro.supportEnd);
}

/** Whether support has ended at `now` (milliseconds since 1970); null when that is not known. */
export function isEndOfLife(distro: Distro, now: number): boolean | null {
  const end = endOfSupport(distro);
  return end === null ? null : now >= Date.parse(end) + DAY;
}

function tableEnd(distro: Distro): string | null {
  const versions = new Map(Object.entries(Object.hasOwn(ENDS, distro.id) ? (ENDS[distro.id] ?? {}) : {}));
  const parts = distro.version.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const end = versions.get(parts.slice(0, length).join('.'));
    if (end !== undefined) return end;
  }
  return null;
}

function isoDate(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  return Number.isNaN(Date.parse(text)) ? null : text;
}
