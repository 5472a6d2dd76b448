/** Files that the commands on images are given: mirrors, reports of scanners, the key. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { createSigner, parseReport, type Finding, type Signer } from '@callboard/images';
import { CodedError } from '@callboard/kernel';
import { isObject, type Diagnostic } from '@callboard/model';
import { UsageError, type CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { problemText } from '../problems.ts';
import { countOf } from './words.ts';

/** Files named by their base names, as the package manager of an image reads them. */
export async function readMirrors(
  files: readonly string[] | undefined,
  here: string,
): Promise<Readonly<Record<string, string>>> {
  const mirrors: Record<string, string> = {};
  for (const file of files ?? []) {
    const name = basename(file);
    if (Object.hasOwn(mirrors, name)) throw new UsageError(`--mirror names two files ${name}`);
    mirrors[name] = (await readNamed('--mirror', file, here)).toString('utf8');
  }
  return mirrors;
}

/** Reports by the name that was typed. */
export async function readReportFiles(
  files: readonly string[] | undefined,
  here: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const reports = new Map<string, Buffer>();
  for (const file of files ?? []) reports.set(file, await readNamed('--report', file, here));
  return reports;
}

/**
 * The findings of reports that are about the image of this digest. What is wrong with a report is told.
 * @throws CodedError `images/report-unusable` when nothing of one can be taken
 */
export async function findingsOf(
  reports: ReadonlyMap<string, Buffer>,
  { context, digest }: { readonly context: CommandContext; readonly digest: string },
): Promise<readonly Finding[]> {
  const { err, here } = context;
  const findings: Finding[] = [];
  for (const [file, bytes] of reports) {
    const report = parseReport(bytes, { receivedAt: Date.now(), name: file });
    for (const found of report.diagnostics) await err.write(reportProblemText(found, { here, on: err }));
    const isBroken = report.diagnostics.some(({ severity }) => severity === 'error');
    if (isBroken && report.findings.length === 0) {
      throw new CodedError(400, 'images/report-unusable', `${file} has no finding that can be used`);
    }
    const about = report.findings.filter(({ image }) => image.digest === digest);
    if (about.length < report.findings.length) {
      const others = report.findings.length - about.length;
      await err.write(`${file}: ${countOf(others, 'finding')} of other images, or of none, passed over\n`);
    }
    findings.push(...about);
  }
  return findings;
}

/** A problem with a report: reports have no lines, so the path in the document says where. */
export function reportProblemText(found: Diagnostic, shown: { here: string; on: Output }): string {
  const { file, path } = found;
  return problemText(
    file === undefined || path === undefined ? found : { ...found, file: `${file}#${path}` },
    shown,
  );
}

/** Whose signature and name are on what is said of a proved image. */
export interface Signing {
  readonly signer: Signer;
  readonly author: string;
}

/**
 * Null when no key is named.
 * @throws CodedError `images/bad-signing-key`
 */
export async function readSigning(
  { key, author }: { readonly key?: string | undefined; readonly author: string },
  here: string,
): Promise<Signing | null> {
  if (key === undefined) return null;
  return { signer: createSigner((await readNamed('--key', key, here)).toString('utf8')), author };
}

async function readNamed(option: string, file: string, here: string): Promise<Buffer> {
  try {
    return await readFile(resolve(here, file));
  } catch (cause) {
    const missing = isObject(cause) && cause['code'] === 'ENOENT';
    throw new UsageError(`${option}: ${file} ${missing ? 'does not exist' : 'cannot be read'}`, { cause });
  }
}
