/**
 * A template tried out: its steps run in a folder of their own, and only actions that change nothing else. The answer is
 * what the template would write, step by step. Nothing is left behind.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import type { TaskSpec, TaskStep } from '../template/template.ts';
import { createRunner, type RunnerDeps } from './create-runner.ts';
import { runError, StepError } from './errors.ts';
import { changesBetween, type FileChange } from './folder-changes.ts';
import { createFolderReader, type FolderFiles } from './folder-files.ts';
import { createMask, type Mask } from './mask.ts';
import { NOT_STARTED, type RunEnvironment, type RunLogLine, type RunOutcome } from './run.ts';

export interface DryRunRequest {
  readonly spec: TaskSpec;
  readonly secrets: Readonly<Record<string, string>>;
  readonly environment: RunEnvironment;
  /** The folder of the template. At most 10 MiB and 5,000 files. */
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
  /**
   * Where relative URLs of steps start from, in place of `files`. Only from who may read there: it may be a `file:` URL of
   * this machine. That of the spec is never used.
   */
  readonly baseUrl?: string;
  readonly signal?: AbortSignal;
  /** What actions get as the credentials of who asks. Default: null. */
  credentials?(): Promise<unknown>;
}

/** The answer of `POST /v2/dry-run`. Secrets are `***` in all of it. */
export interface DryRunResult {
  readonly log: readonly { readonly body: RunLogLine }[];
  readonly output: JsonObject;
  readonly steps: readonly TaskStep[];
  readonly directoryContents: readonly {
    readonly path: string;
    readonly base64Content: string;
    readonly executable: boolean;
  }[];
  /** Of the steps that changed files. */
  readonly changes: readonly { readonly stepId: string; readonly files: readonly FileChange[] }[];
  /** Only when a step failed. */
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly code: string | null;
    readonly stepId: string | null;
  };
}

const INPUT = { bytes: 10 * 1024 * 1024, files: 5_000 };
const RESULT = { bytes: 50 * 1024 * 1024, files: 10_000 };

/**
 * Runs a template in a folder of its own below the machine's folder for temporary files.
 * @throws CodedError 413 `scaffolder/dry-run-too-large`, 400 `scaffolder/dry-run-path`; or the reason of `signal`
 */
export async function dryRun(deps: RunnerDeps, request: DryRunRequest): Promise<DryRunResult> {
  const paths = checkFiles(request.files);
  const root = await mkdtemp(join(tmpdir(), 'callboard-dry-run-'));
  try {
    const folders = { template: join(root, 'template'), workspace: join(root, 'workspace') };
    await Promise.all([mkdir(folders.template), mkdir(folders.workspace)]);
    for (const [index, { content }] of request.files.entries()) {
      const path = join(folders.template, paths[index] ?? '');
      await placeFile(path, content);
    }
    return await runIn(folders, { deps, request });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A file cannot be where another one needs a folder. */
async function placeFile(path: string, content: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { flag: 'wx' });
  } catch (thrown) {
    throw runError(
      'scaffolder/dry-run-path',
      `A file of the template cannot be written: ${messageOf(thrown)}.`,
      {
        cause: thrown,
      },
    );
  }
}

async function runIn(
  folders: { readonly template: string; readonly workspace: string },
  { deps, request }: { readonly deps: RunnerDeps; readonly request: DryRunRequest },
): Promise<DryRunResult> {
  const { secrets, environment, signal = new AbortController().signal } = request;
  const spec = specOf(request, pathToFileURL(join(folders.template, 'template.yaml')).href);
  const mask = createMask(secrets);
  const read = createFolderReader(folders.workspace, RESULT);
  const log: { body: RunLogLine }[] = [];
  const changes: { stepId: string; files: readonly FileChange[] }[] = [];
  let files: FolderFiles = new Map();
  const outcome = await createRunner(deps).run({
    taskId: `dry-run-${randomUUID()}`,
    spec,
    secrets,
    environment,
    workspacePath: folders.workspace,
    isDryRun: true,
    state: NOT_STARTED,
    signal,
    credentials: () => request.credentials?.() ?? Promise.resolve(null),
    hooks: {
      log(line) {
        log.push({ body: line });
      },
      async afterStep(stepId) {
        const now = await read();
        const changed = changesBetween(files, now).map((file) => maskDiff(file, mask));
        if (changed.length > 0) changes.push({ stepId, files: changed });
        files = now;
      },
    },
  });
  return {
    log,
    steps: spec.steps,
    directoryContents: [...files].map(([path, { content, executable }]) => ({
      path,
      base64Content: maskBytes(content, mask).toString('base64'),
      executable,
    })),
    changes,
    ...ended(outcome, signal),
  };
}

function specOf({ spec, baseUrl }: DryRunRequest, own: string): TaskSpec {
  const info = { entityRef: 'template:default/dry-run', ...spec.templateInfo };
  return { ...spec, templateInfo: { ...info, baseUrl: baseUrl ?? own } };
}

function ended(outcome: RunOutcome, signal: AbortSignal): Pick<DryRunResult, 'output' | 'error'> {
  switch (outcome.status) {
    case 'completed':
      return { output: outcome.output };
    case 'failed': {
      const { error, output, stepId } = outcome;
      const code = error instanceof StepError ? error.code : null;
      return { output, error: { name: error.name, message: error.message, code, stepId } };
    }
    case 'cancelled':
    case 'suspended':
      throw signal.reason;
    default:
      return outcome satisfies never;
  }
}

function maskDiff(file: FileChange, mask: Mask): FileChange {
  return file.diff === null ? file : { ...file, diff: mask.text(file.diff) };
}

/** Text is masked; other files stay as they are. */
function maskBytes(content: Buffer, mask: Mask): Buffer {
  if (content.includes(0)) return content;
  const text = content.toString('utf8');
  const masked = mask.text(text);
  return masked === text ? content : Buffer.from(masked);
}

/** @returns the paths, normalized */
function checkFiles(files: DryRunRequest['files']): readonly string[] {
  const bytes = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (bytes > INPUT.bytes || files.length > INPUT.files) {
    const message = `The files of the template are ${bytes} bytes in ${files.length} files. A dry-run takes 10 MiB in ${INPUT.files} files.`;
    throw runError('scaffolder/dry-run-too-large', message);
  }
  const taken = new Set<string>();
  return files.map(({ path }) => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const isOutside =
      path.startsWith('/') || parts.length === 0 || parts.includes('..') || /[\0\\]|^[A-Za-z]:/.test(path);
    if (isOutside) throw badPath(path, 'is not inside the folder of the template');
    const normal = parts.join('/');
    if (taken.has(normal)) throw badPath(path, 'is there twice');
    taken.add(normal);
    return normal;
  });
}

function badPath(path: string, what: string): Error {
  return runError(
    'scaffolder/dry-run-path',
    `The path ${JSON.stringify(path)} ${what}. Send each file once, with a relative path.`,
  );
}
