/** `callboard catalog export`: prints what the database holds, without a running portal. */
import { existsSync } from 'node:fs';
import { CodedError, parseBackendConfig } from '@callboard/kernel';
import type { Entity } from '@callboard/model';
import { stringify } from 'yaml';
import { openCatalog } from '../main.ts';
import { loadPortalConfig } from '../portal-config.ts';
import { CONFIG_OPTION, configSource, readArgs, UsageError, type Command } from './context.ts';
import { amount, relativeText } from './problems.ts';

type Source = ReturnType<typeof configSource>;

/** Entities a write: few enough for a reader that stops early, such as head. */
const BATCH = 100;

export const catalogExportCommand: Command = {
  usage: '[--format yaml|json] [--filter KEY=VALUE[,…] …] [--config FILE …] [--json]',
  help: `Prints the entities that the database of the configuration holds, by reference, each with its relations. The
portal may be running. How many they are goes to standard error.

  --format FORMAT   yaml: one document an entity (default); json: one array, an entity a line
  --filter FILTER   as in the API: conditions with commas all hold; repeated, one of them must
  --config FILE     instead of app-config.yaml; repeatable, later ones win
  --json            the same as --format json

  callboard catalog export --filter kind=component,spec.lifecycle=production`,

  run: async (args, context) => {
    const { out, err } = context;
    const { values } = readArgs(args, {
      options: { ...CONFIG_OPTION, format: { type: 'string' }, filter: { type: 'string', multiple: true } },
      takes: 'none',
    });
    const format = values.json === true ? 'json' : (values.format ?? 'yaml');
    if (format !== 'yaml' && format !== 'json') throw new UsageError('--format is yaml or json');
    const source = configSource(context, values.config);
    await expectDatabase(source, context.here);
    await using opened = await openCatalog({
      ...source,
      readOnly: true,
      write: (line) => void err.write(line),
    });
    const entities = opened.catalog.exportEntities(values.filter ?? []);
    let count = 0;
    if (format === 'json') await out.write('[');
    for (const batch of batchesOf(entities)) {
      await out.write(format === 'json' ? toJson(batch, count) : batch.map(toYaml).join(''));
      if (out.closed) return 0;
      count += batch.length;
    }
    if (format === 'json') await out.write('\n]\n');
    await err.write(`${amount(count, 'entity')}\n`);
    return 0;
  },
};

/** Opening makes a database where there is none; who only wants to look should hear about that instead. */
async function expectDatabase(source: Source, here: string): Promise<void> {
  const { config } = await loadPortalConfig(source);
  const { database } = parseBackendConfig(config, source).settings;
  if (database.client !== 'sqlite' || existsSync(database.file)) return;
  throw new CodedError(
    404,
    'server/no-database',
    `There is no database at ${relativeText(database.file, here)}, so there is nothing to export. ` +
      'Start the portal once, import something, or name another configuration with --config',
  );
}

function* batchesOf(entities: Iterable<Entity>): Generator<readonly Entity[]> {
  let batch: Entity[] = [];
  for (const entity of entities) {
    batch.push(entity);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function toJson(batch: readonly Entity[], before: number): string {
  return batch
    .map((entity, index) => `${before + index === 0 ? '' : ','}\n${JSON.stringify(entity)}`)
    .join('');
}

function toYaml(entity: Entity): string {
  return `---\n${stringify(entity)}`;
}
