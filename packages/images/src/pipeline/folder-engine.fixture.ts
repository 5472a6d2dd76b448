/**
 * A double of an engine: sessions are folders with the files of an image, and commands are answered by the test. Only
 * `cat`, `tee` and `rm` do what they say. Nothing of a session is in another one; a commit keeps what the folder holds.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildEngine, CommitTarget } from '../build/engine.ts';
import type { Digest } from '../image/image.ts';
import type { Command, CommandOutput } from '../script/command.ts';

/** Of a command that is none of the three; with the root of its session, so that it can change it. */
export type Answer = (
  command: Command,
  root: string,
) => Promise<Partial<CommandOutput>> | Partial<CommandOutput>;

export interface FolderEngine extends BuildEngine {
  /** Command lines, joined by spaces, in their order. */
  readonly ran: readonly string[];
  /** What was committed: the target, and the files asked for as they were then. */
  readonly committed: readonly {
    readonly target: CommitTarget;
    readonly files: Readonly<Record<string, string>>;
  }[];
}

const DIGEST: Digest = `sha256:${'d'.repeat(64)}`;

/** `watched` are the files that a commit keeps. */
export function createFolderEngine(
  files: Readonly<Record<string, string>>,
  { answer, watched }: { readonly answer: Answer; readonly watched: readonly string[] },
): FolderEngine {
  const ran: string[] = [];
  const committed: { target: CommitTarget; files: Record<string, string> }[] = [];
  return {
    name: 'folder',
    ran,
    committed,
    unavailable: () => Promise.resolve(null),
    async open(base) {
      const root = await mkdtemp(join(tmpdir(), 'callboard-folder-'));
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
      return {
        root,
        async run(command) {
          ran.push(command.argv.join(' '));
          const own = await runHere(command, root);
          return { exitCode: 0, stdout: '', stderr: '', took: 1, ...(own ?? (await answer(command, root))) };
        },
        async commit(target) {
          const kept: Record<string, string> = {};
          for (const path of watched) kept[path] = await readFile(join(root, path), 'utf8');
          committed.push({ target, files: kept });
          const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: DIGEST, size: 1 };
          const { registry, repository } = base;
          const made = { layer, diffId: DIGEST, configDigest: DIGEST, layerBytes: 1, took: {} };
          return { registry, repository, digest: DIGEST, ...made };
        },
        [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
      };
    },
  };
}

async function runHere({ argv, input }: Command, root: string): Promise<Partial<CommandOutput> | null> {
  const [program, path = ''] = argv;
  if (program === 'cat') return { stdout: await readFile(join(root, path), 'utf8') };
  if (program === 'tee') await writeFile(join(root, path), input ?? '');
  return program === 'tee' || program === 'rm' ? {} : null;
}
