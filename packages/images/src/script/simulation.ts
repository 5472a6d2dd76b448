/** Reads what a package manager says it would do, so that a plan can be judged before anything is changed. */
import type { PackageManager } from '../inventory/inventory.ts';
import { compareVersions } from '../versions/versions.ts';
import type { CommandOutput } from './command.ts';
import { scriptError } from './errors.ts';
import { parseNevra, withoutZeroEpoch } from './formats.ts';

/** `reinstall`: the same version once more. */
export type SimulatedAction = 'upgrade' | 'install' | 'remove' | 'downgrade' | 'reinstall';

export interface SimulatedChange {
  readonly name: string;
  readonly action: SimulatedAction;
  /** Null where the output does not say, or for what is installed. */
  readonly from: string | null;
  /** Null for what is removed. */
  readonly to: string | null;
  /** Null where the output does not say. */
  readonly architecture: string | null;
}

/**
 * Of the outputs of `CompiledScript.simulate`, in their order. Nothing to do gives an empty list. Throws
 * `images/script-unreadable-output` for a line among the changes that is none, so that no change is overlooked.
 */
export function parseSimulation(
  manager: PackageManager,
  outputs: readonly CommandOutput[],
): readonly SimulatedChange[] {
  return outputs.flatMap(({ stdout }) => [...READERS[manager](stdout)]);
}

const READERS: Readonly<Record<PackageManager, (text: string) => Iterable<SimulatedChange>>> = {
  apt: readApt,
  apk: readApk,
  dnf: (text) => readTransaction(text, readColumns),
  microdnf: (text) => readTransaction(text, readOneWord),
  tdnf: (text) => readTransaction(text, readColumns),
  yum: (text) => readTransaction(text, readColumns),
  zypper: readZypper,
};

/** `Inst name[:arch] [from] (to origin [arch]) …` and `Remv name [from]`; what is set up (`Conf`) follows from these. */
function* readApt(text: string): Iterable<SimulatedChange> {
  for (const line of text.split('\n')) {
    if (/^(?:Inst|Remv|Purg) /.test(line)) yield readAptLine(line);
  }
}

function readAptLine(line: string): SimulatedChange {
  const gone = /^(?:Remv|Purg) ([^\s:]+)(?::(\S+))? \[(\S+)\]/.exec(line);
  if (gone !== null) {
    const [, name = '', architecture = null, from = null] = gone;
    return { name, action: 'remove', from, to: null, architecture };
  }
  const put = /^Inst ([^\s:]+)(?::\S+)? (?:\[(\S+)\] )?\((\S+) [^)]*?\[([^\]\s]+)\]\)/.exec(line);
  if (put === null) throw unreadable(line);
  const [, name = '', from = null, to = '', architecture = null] = put;
  if (from === null) return { name, action: 'install', from, to, architecture };
  const order = compareVersions('deb', to, from);
  const changed = order > 0 ? 'upgrade' : 'downgrade';
  return { name, action: order === 0 ? 'reinstall' : changed, from, to, architecture };
}

const APK_WORDS: Readonly<Record<string, SimulatedAction>> = {
  Upgrading: 'upgrade',
  Installing: 'install',
  Purging: 'remove',
  Downgrading: 'downgrade',
  Replacing: 'reinstall',
  Reinstalling: 'reinstall',
};

/** `(1/3) Upgrading name (from -> to)`, `(2/3) Installing name (to)`, `(3/3) Purging name (from)`. */
function* readApk(text: string): Iterable<SimulatedChange> {
  for (const line of text.split('\n')) {
    if (!/^\(\s*\d+\/\d+\)/.test(line)) continue;
    const found = /^\(\s*\d+\/\d+\) ([A-Z][a-z]+) ([^\s@]+)(?:@\S+)? \((\S+?)(?: -> (\S+?))?\)$/.exec(line);
    const [, word = '', name = '', first = '', second] = found ?? [];
    const action = Object.hasOwn(APK_WORDS, word) ? APK_WORDS[word] : undefined;
    if (action === undefined) throw unreadable(line);
    if (action === 'remove') yield { name, action, from: first, to: null, architecture: null };
    else
      yield {
        name,
        action,
        from: second === undefined ? null : first,
        to: second ?? first,
        architecture: null,
      };
  }
}

/** The heads of a transaction's sections, without their colon and what they say of dependencies. */
const SECTIONS: Readonly<Record<string, SimulatedAction>> = {
  Upgrading: 'upgrade',
  Updating: 'upgrade',
  Installing: 'install',
  Removing: 'remove',
  Erasing: 'remove',
  Obsoleting: 'remove',
  Downgrading: 'downgrade',
  Reinstalling: 'reinstall',
};

const SECTION =
  /^([A-Z][a-z]+)(?: (?:for |weak |unused )?dependencies| dependent packages| group(?:\/module)? packages)?$/;

type Row = { readonly name: string; readonly version: string; readonly architecture: string | null };

/** Null: the row goes on in the next line. */
type RowReader = (words: readonly string[]) => Row | null;

/**
 * Sections of rows, up to the summary. A row whose name is long goes on in the next line. Under a row there may be
 * what it takes the place of: its own older version, or a package of another name, which goes.
 */
function* readTransaction(text: string, read: RowReader): Iterable<SimulatedChange> {
  let action: SimulatedAction | null = null;
  let words: readonly string[] = [];
  let name = '';
  for (const line of text.split('\n')) {
    if (/^(?:Transaction Summary|Total |Install |Upgrade |Remove |Is this ok)/.test(line)) break;
    const head = /^([A-Z][A-Za-z/ ]*):\s*$/.exec(line)?.[1];
    if (head !== undefined) {
      if (words.length > 0) throw unreadable(words.join(' '));
      action = SECTIONS[SECTION.exec(head)?.[1] ?? ''] ?? null;
      continue;
    }
    if (action === null || /^[=-]*$/.test(line.trim())) continue;
    const replaced = /^\s+replacing\s+(.+)$/.exec(line)?.[1];
    if (replaced !== undefined) {
      const gone = readReplaced(replaced.trim().split(/\s+/));
      if (gone === null) throw unreadable(line);
      if (gone.name !== name) yield { ...toChange(gone, 'remove') };
      continue;
    }
    words = [...words, ...line.trim().split(/\s+/)];
    const row = read(words);
    if (row === null) continue;
    words = [];
    name = row.name;
    yield toChange(row, action);
  }
  if (words.length > 0) throw unreadable(words.join(' '));
}

function toChange({ name, version, architecture }: Row, action: SimulatedAction): SimulatedChange {
  const isGone = action === 'remove';
  return { name, action, from: isGone ? version : null, to: isGone ? null : version, architecture };
}

/** `name arch version repository …` of dnf, yum and tdnf. */
function readColumns(words: readonly string[]): Row | null {
  const [name, architecture, version, repository] = words;
  if (name === undefined || architecture === undefined || version === undefined || repository === undefined) {
    return null;
  }
  if (!/^[a-z0-9_]+$/.test(architecture) || !/^(?:\d+:)?[^-\s]+-[^-\s]+$/.test(version)) {
    throw unreadable(words.join(' '));
  }
  return { name, architecture, version: withoutZeroEpoch(version) };
}

/** `name-version-release.arch repository size` of microdnf. */
function readOneWord(words: readonly string[]): Row | null {
  const row = parseNevra(words[0] ?? '');
  if (row === null) throw unreadable(words.join(' '));
  return words.length < 2 ? null : row;
}

/** `name.arch version` of dnf 4 and yum, `name arch version …` of dnf 5, `name-version-release.arch` of microdnf. */
function readReplaced(words: readonly string[]): Row | null {
  const [first = '', second, third] = words;
  if (second === undefined) return parseNevra(first);
  const dotted = /^(\S+)\.([a-z0-9_]+)$/.exec(first);
  if (third === undefined && dotted !== null) {
    const [, name = '', architecture = null] = dotted;
    return { name, architecture, version: withoutZeroEpoch(second) };
  }
  return third === undefined ? null : { name: first, architecture: second, version: withoutZeroEpoch(third) };
}

const ZYPPER_SECTION =
  /^The following (?:\d+ )?(?:NEW )?packages? (?:is|are) going to (?:be )?(upgraded|installed|REMOVED|downgraded|reinstalled):/;

const ZYPPER_WORDS: Readonly<Record<string, SimulatedAction>> = {
  upgraded: 'upgrade',
  installed: 'install',
  REMOVED: 'remove',
  downgraded: 'downgrade',
  reinstalled: 'reinstall',
};

/** With `--details`: a section's rows are `name from -> to arch …`, or `name version arch …`, up to an empty line. */
function* readZypper(text: string): Iterable<SimulatedChange> {
  let action: SimulatedAction | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('The following ')) action = zypperSection(line);
    else if (line.trim() === '') action = null;
    else if (action !== null) yield readZypperRow(line, action);
  }
}

/** Null for what is no change of packages: locks, updates that stay away, patches that the packages belong to. */
function zypperSection(line: string): SimulatedAction | null {
  const action = ZYPPER_WORDS[ZYPPER_SECTION.exec(line)?.[1] ?? ''] ?? null;
  if (action === null && /\bpackages? (?:is|are) going to\b/.test(line)) throw unreadable(line);
  return action;
}

function readZypperRow(line: string, action: SimulatedAction): SimulatedChange {
  const found = /^\s+(\S+)\s+(\S+-\S+)(?:\s+->\s+(\S+-\S+))?(?:\s+([a-z0-9_]+)\s|$)/.exec(`${line} `);
  const [, name, first, second, architecture = null] = found ?? [];
  if (name === undefined || first === undefined) throw unreadable(line);
  if (action === 'remove') return { name, action, from: first, to: null, architecture };
  return { name, action, from: second === undefined ? null : first, to: second ?? first, architecture };
}

function unreadable(line: string): Error {
  const shown = JSON.stringify(line.slice(0, 200));
  return scriptError('images/script-unreadable-output', `What would change cannot be read: ${shown}`);
}
