/** Checks of the proof, and why findings are left over, as people read them. What is not known keeps its own name. */

const CHECKS: Readonly<Record<string, string>> = {
  'image.lineage': 'The new image is the old one and one layer more',
  'image.config': 'What runs in it is configured as before',
  'scan.same-scanner': 'Scanned by the same scanner and database as before',
  'scan.sees-packages': 'The scanner sees the packages of the new image',
  'scan.knows-findings': 'The scanner still knows the old findings',
  'scan.fixed': 'What was planned to be fixed is fixed',
  'scan.nothing-new': 'Nothing new was brought in',
  'packages.done': 'Every planned change was made',
  'packages.planned': 'Only planned packages, and what they need, changed',
  'packages.no-downgrade': 'No package became older',
  'packages.no-removal': 'No package went that was not planned to',
  'packages.architecture': 'Packages are of the same architecture',
  'packages.marks': 'Manual marks and holds are as before',
  'packages.distro': 'It is the same distribution and release',
  'files.hashes': 'Files are what their packages say',
  'files.explained': 'Every changed file belongs to a changed package',
  'files.privileges': 'No file has new privileges',
  'files.users': 'No users or groups were added or changed unexpectedly',
  'files.jobs': 'No services or timed jobs were added unexpectedly',
  'files.loader': 'What is loaded into every program is as before',
  'files.certificates': 'Trusted certificates come from packages alone',
  'files.sources': 'Package sources and keys are as before',
  smoke: 'The smoke tests pass',
  size: 'It did not grow beyond its budget',
};

export function checkWords(id: string): string {
  return CHECKS[id] ?? id;
}

const LEFT_OVER: Readonly<Record<string, string>> = {
  'no-fix': 'There is no fix yet',
  language: 'Not a package of the distribution: its application has to update it',
  'not-installed': 'Not installed as a package',
  'not-in-mirror': 'Fixed, but the mirror does not have it yet; it is asked again',
  held: 'Somebody holds the package back',
  'end-of-life': 'The distribution gets no more fixes: take a newer base',
  'already-fixed': 'What is installed has the fix already',
  'unreadable-version': 'The version of the fix cannot be read',
  unmanaged: 'No package manager of the image could change it',
};

export function leftOverWords(reason: string): string {
  return LEFT_OVER[reason] ?? reason;
}
