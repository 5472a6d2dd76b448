/** `callboard images import`: brings reports of scanners into the database without a running portal. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseReport, type Images, type TakenReport } from '@callboard/images';
import { CodedError, messageOf } from '@callboard/kernel';
import { isObject, type Diagnostic } from '@callboard/model';
import { openImages } from '../../main.ts';
import { CONFIG_OPTION, configSource, readArgs, UsageError, type Command } from '../context.ts';
import { countProblems, countText } from '../problems.ts';
import { createProgress } from '../progress.ts';
import { reportProblemText } from './inputs.ts';
import { countOf } from './words.ts';

export const imagesImportCommand: Command = {
  usage: 'FILE|- … [--config FILE …] [--quiet] [--json]',
  help: `Brings reports of Inspector, Trivy, Grype or osv-scanner, as JSON, into the database of the configuration; - is
standard input. What the database has already, in the same words or newer, is left as it is. A running portal sees
what came in and acts on it; without one it waits for the next start.

  --config FILE   instead of app-config.yaml; repeatable, later ones win
  --quiet         no lines about what is going on
  --json          { reports: [{ file, taken: { format, findings, outcome }, diagnostics }], errors, warnings }

Exit code: 0 good, 1 a report cannot be used (what is good comes in all the same), 2 wrong use.

  callboard images import trivy.json inspector.json`,

  run: async (args, context) => {
    const { values, positionals } = readArgs(args, {
      options: { ...CONFIG_OPTION, quiet: { type: 'boolean' } },
      takes: 'any',
    });
    if (positionals.length === 0) throw new UsageError('It takes files, or - for standard input');
    const { out, err, here } = context;
    await using opened = await openImages({
      ...configSource(context, values.config),
      write: (line) => void err.write(line),
    });
    const progress = createProgress(err, { label: 'Importing', total: positionals.length });
    const reports: ImportedReport[] = [];
    for (const file of positionals) {
      reports.push(await importOne(opened.images, { file, here }));
      if (values.quiet !== true) progress.step();
    }
    progress.end();
    const count = countProblems(reports.flatMap(({ diagnostics }) => diagnostics));
    if (values.json === true) {
      await out.write(`${JSON.stringify({ reports, ...count }, null, 2)}\n`);
    } else {
      for (const { file, taken, diagnostics } of reports) {
        await out.write(diagnostics.map((found) => reportProblemText(found, { here, on: out })).join(''));
        if (taken !== null) await out.write(`${file}: ${takenText(taken)}\n`);
      }
      await out.write(`${countOf(reports.length, 'report')}: ${countText(count, out)}\n`);
    }
    return reports.some(({ taken }) => taken === null) ? 1 : 0;
  },
};

interface ImportedReport {
  /** As it was typed. */
  readonly file: string;
  /** Null when nothing of it could be used. */
  readonly taken: Omit<TakenReport, 'diagnostics'> | null;
  readonly diagnostics: readonly Diagnostic[];
}

async function importOne(
  images: Pick<Images, 'takeReport'>,
  { file, here }: { readonly file: string; readonly here: string },
): Promise<ImportedReport> {
  const path = file === '-' ? 'standard input' : resolve(here, file);
  let bytes: Buffer;
  try {
    bytes = file === '-' ? await buffer(process.stdin) : await readFile(path);
  } catch (error) {
    return { file, taken: null, diagnostics: [noReport(error, path)] };
  }
  try {
    const { diagnostics, ...taken } = await images.takeReport(bytes, { name: path });
    return { file, taken, diagnostics };
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'images/report-unusable') throw error;
    const { diagnostics } = parseReport(bytes, { receivedAt: Date.now(), name: path });
    return { file, taken: null, diagnostics };
  }
}

function noReport(error: unknown, file: string): Diagnostic {
  const missing = isObject(error) && error['code'] === 'ENOENT';
  const summary = missing ? 'There is no such file.' : `It cannot be read: ${messageOf(error)}`;
  return { severity: 'error', code: 'images/report-unreadable', summary, file };
}

function takenText({ format, findings, outcome }: Omit<TakenReport, 'diagnostics'>): string {
  const { added, changed, same, stale } = outcome;
  const parts = `${added} added, ${changed} changed, ${same} same, ${stale} stale`;
  return `${format}, ${countOf(findings, 'finding')}: ${parts}`;
}
