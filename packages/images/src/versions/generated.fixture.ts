/** Arbitrary versions of each format, and pairs that are near each other: those are where an order goes wrong. */

import * as fc from 'fast-check';
import type { PackageFormat } from '../inventory/inventory.ts';

const number = fc.oneof(
  fc.nat(30).map(String),
  fc.nat(12).map((value) => `0${value}`),
  fc.constantFrom('0', '00', '007', '20240131', '18446744073709551616', '99999999999999999999'),
);

function text(alphabet: string, least: number, most: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength: least, maxLength: most });
}

const epoch = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('0:', '00:', '1:', '01:', '2:', '10:') },
);

const dpkg = fc
  .tuple(
    epoch,
    number,
    text('0019aAz.+~', 0, 8),
    fc.oneof(fc.constant(''), text('-019bB.~+', 0, 3), text(':', 0, 1)),
    fc.oneof(fc.constant(''), text('0019aAz.+~', 1, 5)),
  )
  .map(([before, first, more, middle, revision]) => {
    const upstream = before === '' ? middle.replaceAll(':', '') : middle;
    // A dash ends the upstream version only when a revision follows it.
    const tail = revision === '' ? upstream.replaceAll('-', '') : upstream;
    return `${before}${first}${more}${tail}${revision === '' ? '' : `-${revision}`}`;
  });

const rpm = fc
  .tuple(epoch, text('00129aAzZ.._+~^', 1, 10), fc.oneof(fc.constant(''), text('0019aZ.~^', 1, 5)))
  .map(([before, version, release]) => `${before}${version}${release === '' ? '' : `-${release}`}`);

const suffix = fc
  .tuple(
    fc.constantFrom('alpha', 'beta', 'pre', 'rc', 'cvs', 'svn', 'git', 'hg', 'p'),
    fc.oneof(fc.constant(''), number),
  )
  .map(([name, value]) => `_${name}${value}`);

const apk = fc
  .tuple(
    fc.array(number, { minLength: 1, maxLength: 4 }),
    text('abz', 0, 1),
    fc.array(suffix, { maxLength: 2 }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: text('09af', 1, 4).map((hash) => `~${hash}`) },
    ),
    fc.oneof(
      fc.constant(''),
      number.map((value) => `-r${value}`),
    ),
  )
  .map(([numbers, letter, suffixes, hash, revision]) =>
    [numbers.join('.'), letter, ...suffixes, hash, revision].join(''),
  );

/** Versions that `isVersion` takes. */
export const VERSIONS: Readonly<Record<PackageFormat, fc.Arbitrary<string>>> = { deb: dpkg, rpm, apk };

/** The first, and the same with one character put in, taken out or changed; bad ones too. */
export function nearPairs(format: PackageFormat): fc.Arbitrary<[string, string]> {
  return fc
    .tuple(VERSIONS[format], fc.nat(12), fc.constantFrom(0, 1), text('0129aAz.+~-^_:r', 0, 2))
    .map(([version, at, removed, added]) => [
      version,
      version.slice(0, at) + added + version.slice(at + removed),
    ]);
}
