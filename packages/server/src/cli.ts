/** The callboard command: finds the sub-command and runs it. */
import { CodedError, messageOf } from '@callboard/kernel';
import { catalogCommand } from './commands/catalog.ts';
import { configCommand } from './commands/config.ts';
import { startCommand } from './commands/start.ts';
import { validateCommand } from './commands/validate.ts';
import type { CommandContext } from './commands/context.ts';

const USAGE = `callboard: the developer portal

  callboard start [--config FILE …]            start the portal
  callboard validate FILE|GLOB …               check catalog files
  callboard catalog import FILE|GLOB|URL …     bring entities into the database without starting
  callboard catalog export [--format yaml|json] [--filter k=v …]
                                               print what the database holds
  callboard config print [--frontend] [--show-secrets]
  callboard config check

Every command takes --json (machine-readable output) and --config FILE (repeatable, later wins).
`;

const COMMANDS = {
  start: startCommand,
  validate: validateCommand,
  catalog: catalogCommand,
  config: configCommand,
} as const;

const context: CommandContext = {
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
};

const [name = '', ...args] = process.argv.slice(2);
if (Object.hasOwn(COMMANDS, name)) {
  const command = Object.entries(COMMANDS).find(([known]) => known === name)?.[1];
  try {
    process.exitCode = await command?.(args, context);
  } catch (error) {
    const code = error instanceof CodedError ? ` (${error.code})` : '';
    context.err(`callboard ${name}: ${messageOf(error)}${code}\n`);
    process.exitCode = error instanceof TypeError ? 2 : 1;
  }
} else {
  context.err(
    name === '' || name === '--help' || name === 'help'
      ? USAGE
      : `callboard: unknown command '${name}'\n\n${USAGE}`,
  );
  process.exitCode = name === '--help' || name === 'help' ? 0 : 2;
}
