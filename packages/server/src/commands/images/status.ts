/** `callboard images status`: how the golden images are, from the portal's own database. */
import { existsSync } from 'node:fs';
import { OPEN_STATES, type Images } from '@callboard/images';
import { CodedError, parseBackendConfig } from '@callboard/kernel';
import { openImages } from '../../main.ts';
import { loadPortalConfig } from '../../portal-config.ts';
import { CONFIG_OPTION, configSource, readArgs, type Command } from '../context.ts';
import { relativeText } from '../problems.ts';
import { statusText, type Status } from './status-text.ts';

/** Open patches that are shown; there is one of each golden image and platform. */
const MOST_PATCHES = 200;

export const imagesStatusCommand: Command = {
  usage: '[--config FILE …] [--json]',
  help: `Prints the golden images, the open findings, the open patches with their state and since when they are in it, and
how long patches take (MTTP): from the database of the configuration. The portal may be running.

  --config FILE   instead of app-config.yaml; repeatable, later ones win
  --json          { goldens, findings, patches, figures, troubles } instead of tables

Exit code: 0, 1 there is no such database, 2 wrong use.

  callboard images status --json`,

  run: async (args, context) => {
    const { values } = readArgs(args, { options: CONFIG_OPTION, takes: 'none' });
    const { out, err, here } = context;
    const source = configSource(context, values.config);
    await expectDatabase(source, here);
    await using opened = await openImages({ ...source, write: (line) => void err.write(line) });
    const status = await readStatus(opened.images);
    const json = (): string => `${JSON.stringify(status, null, 2)}\n`;
    await out.write(values.json === true ? json() : statusText(status, { now: Date.now(), on: out }));
    return 0;
  },
};

async function readStatus(images: Images): Promise<Status> {
  const patches = await images.patches.list({ states: OPEN_STATES, limit: MOST_PATCHES });
  return {
    goldens: await images.goldens(),
    findings: await images.findings.counts({ statuses: ['active'] }),
    patches: patches.items,
    figures: await images.figures(),
    troubles: await images.troubles(),
  };
}

/** To look at a database is no reason to make one. */
async function expectDatabase(source: ReturnType<typeof configSource>, here: string): Promise<void> {
  const { config } = await loadPortalConfig(source);
  const { database } = parseBackendConfig(config, source).settings;
  if (database.client !== 'sqlite' || existsSync(database.file)) return;
  const place = relativeText(database.file, here);
  const message = `There is no database at ${place}, so there is no status. Start the portal once, import a report, or name another configuration with --config`;
  throw new CodedError(404, 'server/no-database', message);
}
