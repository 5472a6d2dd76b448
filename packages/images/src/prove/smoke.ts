/** Tries the patched image in a session that is thrown away: libraries load, programs start, the caller's commands pass. */
import type { BuildSession } from '../build/engine.ts';
import type { Image } from '../image/image.ts';
import type { PackageFormat } from '../inventory/inventory.ts';
import type { Command, CommandOutput } from '../script/command.ts';
import type { LayerEntry } from './layer.ts';
import type { FileTree } from './tree.ts';

export interface SmokeRequest {
  readonly session: BuildSession;
  readonly image: Image;
  readonly format: PackageFormat;
  readonly tree: FileTree;
  readonly layer: readonly LayerEntry[];
  /** Of the caller; each must end with a code that it accepts. */
  readonly commands: readonly Command[];
}

export interface SmokeResult {
  readonly purpose: string;
  readonly argv: readonly string[];
  /** Null when it went well, else what happened. */
  readonly problem: string | null;
  /** Milliseconds. */
  readonly took: number;
}

/** All of them, also after one that failed. Rejects when the session does. */
export async function runSmokeTests(request: SmokeRequest): Promise<readonly SmokeResult[]> {
  const tests = [...consistency(request.format), ...libraries(request), ...entrypoint(request)];
  const results: SmokeResult[] = [];
  for (const { command, judge } of [...tests, ...request.commands.map(own)]) {
    const output = await request.session.run(command);
    const { purpose, argv } = command;
    results.push({ purpose, argv: argv.slice(0, 8), problem: judge(output), took: output.took });
  }
  return results;
}

interface SmokeTest {
  readonly command: Command;
  readonly judge: (output: CommandOutput) => string | null;
}

const MINUTE = 60_000;
const STARTS = 10_000;
const LDD_FILES = 100;

function test(
  purpose: string,
  argv: readonly string[],
  judge: SmokeTest['judge'],
  timeout = MINUTE,
): SmokeTest {
  return { command: { purpose, argv, env: { LC_ALL: 'C' }, accepts: [0], timeout, input: null }, judge };
}

function own(command: Command): SmokeTest {
  return {
    command,
    judge: (output) =>
      output.exitCode !== null && command.accepts.includes(output.exitCode) ? null : ended(output),
  };
}

/** The package manager itself finds its packages whole and their needs met. */
function consistency(format: PackageFormat): readonly SmokeTest[] {
  const silent = (output: CommandOutput): string | null =>
    output.exitCode === 0 && output.stdout.trim() === '' ? null : ended(output);
  const good = (output: CommandOutput): string | null => (output.exitCode === 0 ? null : ended(output));
  switch (format) {
    case 'deb':
      return [
        test('no package is half installed', ['dpkg', '--audit'], silent),
        test('every package has what it needs', ['apt-get', 'check', '-qq'], good),
      ];
    case 'rpm':
      return [test('every package has what it needs', ['rpm', '--verify', '--all', '--nofiles'], good)];
    case 'apk':
      return [test('every package has what it needs', ['apk', 'info', '--quiet'], good)];
    default:
      return format satisfies never;
  }
}

/** `ldd` of every program and library that is new; where there is none, nothing is linked at run time. */
function libraries({ layer, tree, format }: SmokeRequest): readonly SmokeTest[] {
  const ldd = ['/usr/bin/ldd', '/bin/ldd'].find((path) => tree.get(path)?.kind === 'file');
  if (ldd === undefined) return [];
  const files = layer.filter(
    ({ kind, content, path }) => kind === 'file' && content?.elf === true && isLinked(path),
  );
  // That of musl takes one at a time.
  const batch = format === 'apk' ? 1 : LDD_FILES;
  const tests: SmokeTest[] = [];
  for (let at = 0; at < files.length; at += batch) {
    const paths = files.slice(at, at + batch).map(({ path }) => path);
    tests.push(test('every new program finds its libraries', [ldd, ...paths], missingLibraries, 2 * MINUTE));
  }
  return tests;
}

/** The loader itself and debugging symbols are linked with nothing. */
function isLinked(path: string): boolean {
  return !/\/(ld-[^/]*\.so[^/]*|ld-linux[^/]*|.*\.(o|ko|debug))$/.test(path);
}

function missingLibraries({ stdout, stderr, exitCode }: CommandOutput): string | null {
  const lines = `${stdout}\n${stderr}`.split('\n');
  const bad = lines.filter((line) =>
    /=> not found|version `.*' not found|Error relocating|Error loading/.test(line),
  );
  if (bad.length > 0) return [...new Set(bad.map((line) => line.trim()))].slice(0, 5).join('; ');
  return exitCode === null || exitCode > 1 ? 'ldd could not tell' : null;
}

const [CANNOT_RUN, NOT_FOUND, SIGNALS] = [126, 127, 128];

/** The first program of the entrypoint starts: any answer will do but a crash. One that goes on until it is stopped runs. */
function entrypoint({ image }: SmokeRequest): readonly SmokeTest[] {
  const words = image.config.run['Entrypoint'];
  const [program] = Array.isArray(words) ? words.filter((word) => typeof word === 'string') : [];
  if (program === undefined) return [];
  const judge = (output: CommandOutput): string | null => {
    if (output.exitCode === null) return output.took >= STARTS ? null : ended(output);
    const bad = output.exitCode >= SIGNALS || [CANNOT_RUN, NOT_FOUND].includes(output.exitCode);
    return bad ? ended(output) : null;
  };
  return [test('the entrypoint starts', [program, '--version'], judge, STARTS)];
}

function ended({ exitCode, stdout, stderr }: CommandOutput): string {
  const said = (stderr.trim() === '' ? stdout : stderr).trim().slice(-300);
  return `ended with ${exitCode ?? 'a signal'}: ${said}`;
}
