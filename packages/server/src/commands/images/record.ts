/**
 * The folder in which one patch of one image is kept, so that the steps of a pipeline can be commands of their own:
 * what the scanner said, the plan and its script, who agreed to it, what was built, the verdict and its seal, the
 * promotion. A step that is made anew removes what later steps wrote.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnvelope, type Envelope, type PatchPlan, type Promotion } from '@callboard/images';
import { CodedError } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import {
  readApproval,
  readBuild,
  readPlan,
  readPromotion,
  readVerdict,
  type Approval,
  type BuildNote,
  type KeptVerdict,
  type Read,
} from './record-files.ts';

/** In the order in which they come to be. `outcome.json` says why there is nothing to build. */
const STEPS = [
  'scan.json',
  'outcome.json',
  'plan.json',
  'script.sh',
  'build.json',
  'verdict.json',
  'seal.json',
] as const;

/** These outlive a new plan: an approval is of one plan by its hash, and a promotion can be taken back. */
type LastingFile = 'approval.json' | 'promotion.json';

type RecordFile = (typeof STEPS)[number] | LastingFile;

const MOST_BYTES = 16 * 1024 * 1024;

export interface PatchRecord {
  /** Begins the step that writes this file: it and those of later steps are removed. */
  begin(file: (typeof STEPS)[number]): Promise<void>;
  writeText(file: RecordFile, text: string | Uint8Array): Promise<void>;
  writeJson(file: RecordFile, value: unknown): Promise<void>;
  /** Adds to `log.txt`. */
  readonly log: (stage: string, line: string) => void;
  /** @throws CodedError `images/record-missing`, `images/record-unusable`; so do `verdict` and `promotion` */
  plan(): Promise<PatchPlan>;
  verdict(): Promise<KeptVerdict>;
  promotion(): Promise<Promotion>;
  /** Null when there is none. @throws CodedError `images/record-unusable`; so do `seal` and `build` */
  approval(): Promise<Approval | null>;
  seal(): Promise<Envelope | null>;
  build(): Promise<BuildNote | null>;
  /** SHA-256 of script.sh, hexadecimal; null when there is none. */
  scriptHash(): Promise<string | null>;
}

/** The folder is made by the first that is written. */
export function openRecord(folder: string): PatchRecord {
  const write = async (file: RecordFile, content: string | Uint8Array): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), content);
  };
  const read = <T>(file: RecordFile, parse: (json: unknown) => Read<T>): Promise<T | null> =>
    readJson(join(folder, file), parse);
  return {
    begin: async (file) => {
      await mkdir(folder, { recursive: true });
      for (const later of STEPS.slice(STEPS.indexOf(file))) await rm(join(folder, later), { force: true });
    },
    writeText: write,
    writeJson: (file, value) => write(file, `${JSON.stringify(value, null, 2)}\n`),
    log: (stage, line) => {
      appendFileSync(join(folder, 'log.txt'), `${new Date().toISOString()} ${stage}: ${line}\n`);
    },
    plan: async () => expect(folder, 'plan.json', await read('plan.json', readPlan)),
    verdict: async () => expect(folder, 'verdict.json', await read('verdict.json', readVerdict)),
    promotion: async () => expect(folder, 'promotion.json', await read('promotion.json', readPromotion)),
    approval: () => read('approval.json', readApproval),
    seal: () => read('seal.json', readSeal),
    build: () => read('build.json', readBuild),
    scriptHash: async () => {
      const text = await readFile(join(folder, 'script.sh')).catch(() => null);
      return text === null ? null : createHash('sha256').update(text).digest('hex');
    },
  };
}

/** What has to be done for a file to be there. */
const MAKERS = {
  'plan.json': 'Plan the image first',
  'verdict.json': 'Prove the image first',
  'promotion.json': 'Promote the image first',
} as const;

function expect<T>(folder: string, file: keyof typeof MAKERS, found: T | null): T {
  if (found !== null) return found;
  const message = `There is no ${join(folder, file)}. ${MAKERS[file]}, or name its folder with --record.`;
  throw new CodedError(404, 'images/record-missing', message);
}

async function readJson<T>(path: string, parse: (json: unknown) => Read<T>): Promise<T | null> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw unusable(path, `it has more than ${MOST_BYTES} bytes`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isObject(error) && (error['code'] === 'ENOENT' || error['code'] === 'ENOTDIR')) return null;
    throw error;
  }
  const { value, problem } = parse(toJson(path, text));
  if (problem !== null) throw unusable(path, problem);
  return value;
}

function toJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(path, 'it is no JSON', error);
  }
}

function readSeal(json: unknown): Read<Envelope> {
  const envelope = parseEnvelope(Buffer.from(JSON.stringify(json)));
  return envelope === null
    ? { value: null, problem: 'it is no signed envelope' }
    : { value: envelope, problem: null };
}

function unusable(path: string, why: string, cause?: unknown): CodedError {
  const options = cause === undefined ? undefined : { cause };
  return new CodedError(400, 'images/record-unusable', `${path} cannot be used: ${why}.`, options);
}

/** What the record holds is of something else than what was asked for. */
export function mismatch(message: string): CodedError {
  return new CodedError(409, 'images/record-mismatch', message);
}
