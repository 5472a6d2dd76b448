/** `callboard catalog import`: brings entities into the database without a running portal. */
import { join, resolve } from 'node:path';
import type { Diagnostic, LocationRef } from '@callboard/model';
import { openCatalog } from '../main.ts';
import {
  CONFIG_OPTION,
  configSource,
  readArgs,
  UsageError,
  type Command,
  type CommandContext,
} from './context.ts';
import { FOLDER_PATTERN, kindOf, noFile } from './files.ts';
import { amount, countProblems, countText, problemText } from './problems.ts';
import { createProgress } from './progress.ts';

export const catalogImportCommand: Command = {
  usage: 'FILE|FOLDER|GLOB|URL … [--config FILE …] [--json]',
  help: `Brings entities into the database of the configuration, and keeps each argument as a location that the
portal follows from then on. The rules of catalog.rules apply. Stop the portal before: a running one
does not look at what others write into its database.

  --config FILE   instead of app-config.yaml; repeatable, later ones win
  --json          { entities, added, errors, warnings, diagnostics } instead of lines

Exit code: 0 good, 1 problems (what is good comes in all the same), 2 wrong use.

  callboard catalog import org.yaml 'services/**/catalog-info.yaml'`,

  run: async (args, context) => {
    const { here, out } = context;
    const { values, positionals } = readArgs(args, { options: CONFIG_OPTION, takes: 'any' });
    if (positionals.length === 0) throw new UsageError('It takes files, folders, globs or URLs');
    const { locations, missing } = await toLocations(positionals, here);
    const { diagnostics, ...imported } =
      missing.length > 0
        ? { entities: null, added: 0, diagnostics: missing }
        : await importAll(locations, { context, config: values.config });
    const count = countProblems(diagnostics);
    if (values.json === true) {
      await out.write(`${JSON.stringify({ ...imported, ...count, diagnostics }, null, 2)}\n`);
    } else {
      await out.write(diagnostics.map((found) => problemText(found, { here, on: out })).join(''));
      const { added, entities } = imported;
      const now = entities === null ? 'nothing was imported' : `${entities} in the catalog`;
      await out.write(`${amount(added, 'entity')} added, ${now}: ${countText(count, out)}\n`);
    }
    return count.errors > 0 ? 1 : 0;
  },
};

interface Imported {
  /** How many the catalog holds now; null when it was not opened. */
  readonly entities: number | null;
  readonly added: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** A misspelt path would stay in the catalog as a location that fails for ever, so it is found before. */
async function toLocations(
  names: readonly string[],
  here: string,
): Promise<{ readonly locations: readonly LocationRef[]; readonly missing: readonly Diagnostic[] }> {
  const locations: LocationRef[] = [];
  const missing: Diagnostic[] = [];
  for (const name of names) {
    if (/^https?:\/\//.test(name)) {
      locations.push({ type: 'url', target: name });
      continue;
    }
    const path = resolve(here, name);
    const kind = await kindOf(name, here);
    if (kind === null && !/[*?[\]{}]/.test(name)) missing.push(noFile(name, here));
    else locations.push({ type: 'file', target: kind === 'folder' ? join(path, FOLDER_PATTERN) : path });
  }
  return { locations, missing };
}

async function importAll(
  locations: readonly LocationRef[],
  { context, config }: { context: CommandContext; config: readonly string[] | undefined },
): Promise<Imported> {
  const { err } = context;
  await using opened = await openCatalog({
    ...configSource(context, config),
    readOnly: false,
    write: (line) => void err.write(line),
  });
  const { catalog } = opened;
  const before = catalog.index.size;
  const progress = createProgress(err, { label: 'Importing', total: locations.length });
  const diagnostics = await catalog.importLocations(locations, { onLocation: () => progress.step() });
  progress.end();
  const entities = catalog.index.size;
  return { entities, added: entities - before, diagnostics: withoutRepeats(diagnostics) };
}

/** What is wrong with a location is told by its reading and by its entity. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, summary, file, line }) => {
    const key = JSON.stringify([code, summary, file, line]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
