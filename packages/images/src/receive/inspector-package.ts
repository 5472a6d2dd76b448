/**
 * A vulnerable package of Inspector: what is installed is split in three fields, what fixes it is one text. The name
 * of a package of the distribution may be that of its source. Its `remediation` is a command that is never looked at.
 */
import type { AffectedPackage } from './finding.ts';
import { isPackageName } from './collect.ts';
import type { OsKind } from './distro.ts';
import { fixedVersion, wholeVersion } from './found-version.ts';
import { numberOf, textOf, wrongField, type Part } from './part.ts';

/** Null, with a note, when it cannot be used. `osKind` is the format of the image's distribution, if it is known. */
export function readInspectorPackage(part: Part, osKind: OsKind | null): AffectedPackage | null {
  const manager = textOf(part, 'packageManager');
  const release = textOf(part, 'release');
  const kind = kindOf(part, { manager, osKind });
  if (kind === null) return leftOut(part, 'It is of a distribution that is not known.');
  const name = textOf(part, 'name');
  if (name === null || !isPackageName(name, kind)) return leftOut(part, 'It has no usable name.');
  const version = wholeVersion({
    version: textOf(part, 'version') ?? '',
    release,
    epoch: numberOf(part, 'epoch'),
    kind,
  });
  if (version === null) return leftOut(part, 'It has no usable version.');
  const fixed = fixedVersion([textOf(part, 'fixedInVersion') ?? ''], version, kind);
  if (fixed.bad !== null) wrongField(part, 'fixedInVersion', 'is neither a version nor a word for none');
  const architecture = textOf(part, 'arch')?.toLowerCase() ?? null;
  return {
    name,
    source: null,
    kind,
    version,
    fixedVersion: fixed.version,
    architecture: architecture !== null && /^\w{1,32}$/.test(architecture) ? architecture : null,
    // sourceLayerHash is not said to be of the uncompressed layer, so it proves nothing.
    diffId: null,
    path: textOf(part, 'filePath'),
  };
}

/** Every package of a distribution is `OS`; where even that is missing, one with a release is taken for such. */
function kindOf(
  part: Part,
  { manager, osKind }: { manager: string | null; osKind: OsKind | null },
): AffectedPackage['kind'] | null {
  if (manager !== null && manager !== 'OS') return 'language';
  if (manager === null && textOf(part, 'release') === null) return 'language';
  return osKind;
}

function leftOut(part: Part, why: string): null {
  part.notes.error('images/report-finding', `The package was left out. ${why}`, part.path);
  return null;
}
