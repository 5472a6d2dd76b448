/** The texts of the history of an entity. */
import { count, plural } from '../../../messages.ts';
import type { Change } from '../../../api/history.ts';

const changes: Readonly<Record<Change, string>> = {
  added: 'Added',
  changed: 'Changed',
  failing: 'Failing',
  repaired: 'Repaired',
  moved: 'Moved',
  removed: 'Removed',
};

export const messages = {
  changes,
  failed: 'The history could not be read',
  note: 'What its source said, version by version. Relations that others give it are not part of it.',
  earlier: 'Show earlier changes',
  loadingEarlier: 'Reading…',
  beginning: 'This is all that is known.',
  from: 'from',
  movedFrom: 'before that from',
  paths: (shown: readonly string[], more: number) =>
    more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${count(more)} more`,
  sameText: 'What it says did not change.',
  showDiff: 'Show what changed',
  hideDiff: 'Hide what changed',
  showWhole: 'Show this version',
  hideWhole: 'Hide this version',
  diffFailed: 'The difference could not be made',
  diffLabel: (title: string, when: string) => `${title}, ${when}`,
  lines: (added: number, removed: number) => `+${count(added)} −${count(removed)}`,
  linesSpoken: (added: number, removed: number) =>
    `${plural(added, 'line', 'lines')} added, ${count(removed)} removed`,
  addedLine: 'added: ',
  removedLine: 'removed: ',
  skipped: (lines: number) => `${plural(lines, 'line', 'lines')} as before`,
  cut: (length: number) => `… (${plural(length, 'character', 'characters')})`,
  tooLong: (lines: number) => `${plural(lines, 'more line', 'more lines')} are not shown`,
  removedNotice: 'It was in the catalog until it was removed',
  lastVersion: 'Its last versions',
} as const;
