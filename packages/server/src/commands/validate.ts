/** `callboard validate`: checks catalog files the way the portal would, without starting it. */
import { glob } from 'node:fs/promises';
import { resolve } from 'node:path';
import { validateSources } from '@callboard/catalog';
import { formatDiagnostic, hasErrors, type Diagnostic } from '@callboard/model';
import { readArgs, type Command, type CommandContext } from './context.ts';
import { createProgress } from './progress.ts';

export const validateCommand: Command = async (args, context) => {
  const { values, positionals } = readArgs(args, {});
  if (positionals.length === 0) throw new TypeError('validate takes files or globs');
  const { files, missing } = await findFiles(positionals, context);
  const progress = createProgress(context, { label: 'Checking', total: files.length });
  const { entities, diagnostics: found } = await validateSources(files, { onFile: () => progress.step() });
  progress.end();
  const diagnostics = [...missing, ...found];
  if (values.json === true) {
    context.out(`${JSON.stringify({ files: files.length, entities, diagnostics }, null, 2)}\n`);
  } else {
    for (const diagnostic of diagnostics) context.out(`${formatDiagnostic(diagnostic)}\n`);
    const count = diagnostics.filter(({ severity }) => severity === 'error').length;
    context.out(`${files.length} files, ${entities} entities, ${count} errors\n`);
  }
  return hasErrors(diagnostics) ? 1 : 0;
};

async function findFiles(
  patterns: readonly string[],
  { cwd }: CommandContext,
): Promise<{ files: string[]; missing: Diagnostic[] }> {
  const files = new Set<string>();
  const missing: Diagnostic[] = [];
  for (const pattern of patterns) {
    const before = files.size;
    for await (const entry of glob(pattern, { cwd, withFileTypes: true })) {
      if (entry.isFile()) files.add(resolve(entry.parentPath, entry.name));
    }
    if (files.size > before) continue;
    missing.push({
      severity: 'error',
      code: 'catalog/source-missing',
      summary: `${pattern} matches no file`,
      detail: 'Quote globs, so that the shell leaves them to callboard.',
      file: pattern,
    });
  }
  return { files: [...files].toSorted(), missing };
}
