/** `callboard start`: the portal until somebody stops it. */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@callboard/kernel';
import { startPortal, type Portal } from '../main.ts';
import { CONFIG_OPTION, configSource, readArgs, type Command, type CommandContext } from './context.ts';
import { explainListening } from './listening.ts';
import { amount } from './problems.ts';
import { untilStopped } from './stopping.ts';

/** Milliseconds that requests and readings under way have to end. Nothing is lost without: see docs/operations.md. */
const PATIENCE = 900;

export const startCommand: Command = {
  usage: '[--dev] [--config FILE …] [--json]',
  help: `Starts the portal and serves until it is stopped: Ctrl-C, SIGTERM or SIGHUP. The log goes to standard output,
as lines for people on a terminal and as one JSON object a line elsewhere.

  --dev           as on a developer's machine: NODE_ENV=development, unless it is set
  --config FILE   instead of app-config.yaml; repeatable, later ones win
  --json          the JSON log on a terminal, too

Without --config it reads app-config.yaml and app-config.local.yaml in the current folder.
Exit code: 0 stopped as asked, 1 it could not start, 2 wrong use.

  callboard start --config app-config.yaml --config app-config.production.yaml`,

  run: async (args, context) => {
    const { values } = readArgs(args, {
      options: { ...CONFIG_OPTION, dev: { type: 'boolean' } },
      takes: 'none',
    });
    const { out } = context;
    const { env, ...source } = configSource(context, values.config);
    const plain = values.json !== true && out.isTerminal;
    // Listening begins before the portal is there: as the first process of a container it would hear nothing else.
    const stopped = untilStopped();
    const starting = startPortal({
      ...source,
      env: values.dev === true ? { ...env, NODE_ENV: env['NODE_ENV'] ?? 'development' } : env,
      plainLog: plain,
      write: (line) => void out.write(line),
    });
    const portal = await Promise.race([starting, stopped]).catch((error: unknown) => {
      throw explainListening(error);
    });
    if (portal === undefined) return 0;
    await tellReady(portal, { context, plain });
    await stopped;
    await stop(portal, { context, plain });
    return 0;
  },
};

interface Told {
  readonly context: CommandContext;
  /** Lines for people, not JSON. */
  readonly plain: boolean;
}

async function tellReady(portal: Portal, told: Told): Promise<void> {
  const { out, err } = told.context;
  const { url, entities } = portal;
  const seconds = Number((performance.now() / 1_000).toFixed(2));
  const ready = out.paint('bold', `Callboard is ready at ${out.paint('cyan', url)}`);
  const text = `\n  ${ready}  (${amount(entities, 'entity')}, ${seconds.toFixed(2)} s). Ctrl-C stops it.\n\n`;
  await say(told, { text, fields: { msg: 'the portal is ready', ready: true, url, entities, seconds } });
  portal.filled.then(
    () => (portal.entities === entities ? null : say(told, filledLine(portal))),
    (error: unknown) => err.write(`callboard start: the sources could not be read: ${messageOf(error)}\n`),
  );
}

function filledLine({ entities }: Portal): Line {
  return {
    text: `  The sources are read: ${amount(entities, 'entity')}.\n\n`,
    fields: { msg: 'the sources are read', entities },
  };
}

async function stop(portal: Portal, told: Told): Promise<void> {
  const began = performance.now();
  const closed = portal[Symbol.asyncDispose]().then(() => true);
  const clean = await Promise.race([closed, delay(PATIENCE, false)]);
  const seconds = Number(((performance.now() - began) / 1_000).toFixed(2));
  const how = clean ? 'Stopped' : 'Stopped in the middle of work, which the next start takes up again';
  await say(told, { text: `\n  ${how}.\n`, fields: { msg: 'the portal stopped', clean, seconds } });
}

interface Line {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line for people, or one of the log. */
function say({ context, plain }: Told, { text, fields }: Line): Promise<void> {
  if (plain) return context.out.write(text);
  const line = { level: 'info', time: new Date().toISOString(), ...fields };
  return context.out.write(`${JSON.stringify(line)}\n`);
}
