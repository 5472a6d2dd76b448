/** `callboard catalog import|export`: the catalog in the database, without a running portal. */
import { resolve } from 'node:path';
import { formatDiagnostic, hasErrors } from '@callboard/model';
import { stringify } from 'yaml';
import { openCatalog } from '../main.ts';
import { readArgs, type Command, type CommandContext } from './context.ts';
import { createProgress } from './progress.ts';

export const catalogCommand: Command = async (args, context) => {
  const { values, positionals } = readArgs(args, {
    format: { type: 'string' },
    filter: { type: 'string', multiple: true },
  });
  const [action, ...targets] = positionals;
  const options = { configFiles: values.config ?? [], json: values.json === true };
  if (action === 'import') return importTargets(targets, context, options);
  const format = options.json ? 'json' : (values.format ?? 'yaml');
  if (format !== 'yaml' && format !== 'json') throw new TypeError('--format is yaml or json');
  if (action === 'export')
    return exportEntities(context, { ...options, format, filters: values.filter ?? [] });
  throw new TypeError('catalog takes import or export');
};

async function importTargets(
  targets: readonly string[],
  context: CommandContext,
  { configFiles, json }: { configFiles: readonly string[]; json: boolean },
): Promise<number> {
  if (targets.length === 0) throw new TypeError('catalog import takes files, globs or URLs');
  await using opened = await openCatalog({
    configFiles,
    cwd: context.cwd,
    env: context.env,
    write: context.err,
  });
  const { catalog } = opened;
  const progress = createProgress(context, { label: 'Importing', total: targets.length });
  const before = catalog.index.size;
  const locations = targets.map((target) =>
    /^https?:\/\//.test(target)
      ? { type: 'url', target }
      : { type: 'file', target: resolve(context.cwd, target) },
  );
  const diagnostics = await catalog.importLocations(locations, { onLocation: () => progress.step() });
  progress.end();
  const summary = { entities: catalog.index.size, added: catalog.index.size - before, diagnostics };
  if (json) context.out(`${JSON.stringify(summary, null, 2)}\n`);
  else {
    for (const diagnostic of diagnostics) context.err(`${formatDiagnostic(diagnostic)}\n`);
    context.out(`${summary.added} entities added, ${summary.entities} in the catalog\n`);
  }
  return hasErrors(diagnostics) ? 1 : 0;
}

async function exportEntities(
  context: CommandContext,
  options: { configFiles: readonly string[]; format: 'yaml' | 'json'; filters: readonly string[] },
): Promise<number> {
  const { configFiles, format, filters } = options;
  await using opened = await openCatalog({
    configFiles,
    cwd: context.cwd,
    env: context.env,
    write: context.err,
  });
  const entities = opened.catalog.exportEntities(filters);
  let count = 0;
  if (format === 'json') context.out('[');
  for (const entity of entities) {
    if (format === 'yaml') context.out(`---\n${stringify(entity)}`);
    else context.out(`${count === 0 ? '' : ','}\n${JSON.stringify(entity)}`);
    count++;
  }
  if (format === 'json') context.out('\n]\n');
  context.err(`${count} entities\n`);
  return 0;
}
