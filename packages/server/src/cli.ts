/** The callboard command: finds the sub-command, runs it, and says in one line what kept it from its work. */
import { CodedError, messageOf } from '@callboard/kernel';
import { UsageError, type Command, type CommandContext } from './commands/context.ts';
import { relativeText } from './commands/problems.ts';
import { packageVersion } from './commands/version.ts';

export { createContext } from './commands/context.ts';

interface Entry {
  readonly summary: string;
  /** Commands are loaded when they are called: most of them bring the whole portal with them. */
  readonly load: () => Promise<Command>;
}

const templatesCommand = async (name: 'lint' | 'test' | 'run' | 'upgrade'): Promise<Command> => {
  const { createTemplatesCommands } = await import('./commands/templates/commands.ts');
  const { openTemplating } = await import('./templating-room.ts');
  return createTemplatesCommands(openTemplating)[name];
};
const actions = async () => (await import('./templating-room.ts')).openActions;

const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    summary: 'start the portal',
    load: () => import('./commands/start.ts').then((file) => file.startCommand),
  },
  validate: {
    summary: 'check catalog files',
    load: () => import('./commands/validate.ts').then((file) => file.validateCommand),
  },
  'catalog import': {
    summary: 'bring entities into the database without starting',
    load: () => import('./commands/catalog-import.ts').then((file) => file.catalogImportCommand),
  },
  'catalog export': {
    summary: 'print the entities that the database holds',
    load: () => import('./commands/catalog-export.ts').then((file) => file.catalogExportCommand),
  },
  'templates lint': {
    summary: 'say what is wrong with software templates',
    load: () => templatesCommand('lint'),
  },
  'templates test': {
    summary: 'run the tests of software templates',
    load: () => templatesCommand('test'),
  },
  'templates run': {
    summary: 'try a software template out into a folder',
    load: () => templatesCommand('run'),
  },
  'templates upgrade': {
    summary: 'bring what a template made to its version of today',
    load: () => templatesCommand('upgrade'),
  },
  'actions list': {
    summary: 'list what steps of templates can do',
    load: async () => (await import('./commands/actions/list.ts')).createActionsListCommand(await actions()),
  },
  'actions describe': {
    summary: 'show input, output and examples of an action',
    load: async () =>
      (await import('./commands/actions/describe.ts')).createActionsDescribeCommand(await actions()),
  },
  'actions run': {
    summary: 'run one action in a folder',
    load: async () => (await import('./commands/actions/run.ts')).createActionsRunCommand(await actions()),
  },
  'images scan': {
    summary: 'say what is vulnerable in an image, and what could be fixed',
    load: () => import('./commands/images/scan.ts').then((file) => file.imagesScanCommand),
  },
  'images plan': {
    summary: 'plan what to upgrade in an image, and ask the gate',
    load: () => import('./commands/images/plan.ts').then((file) => file.imagesPlanCommand),
  },
  'images patch': {
    summary: 'scan, plan, build and prove, in one go',
    load: () => import('./commands/images/patch.ts').then((file) => file.imagesPatchCommand),
  },
  'images prove': {
    summary: 'prove an image that was built of a plan',
    load: () => import('./commands/images/prove.ts').then((file) => file.imagesProveCommand),
  },
  'images promote': {
    summary: 'move a golden tag to a proved image',
    load: () => import('./commands/images/promote.ts').then((file) => file.imagesPromoteCommand),
  },
  'images rollback': {
    summary: 'move a golden tag back to what it was',
    load: () => import('./commands/images/rollback.ts').then((file) => file.imagesRollbackCommand),
  },
  'images import': {
    summary: 'bring reports of scanners into the database',
    load: () => import('./commands/images/import.ts').then((file) => file.imagesImportCommand),
  },
  'images status': {
    summary: 'golden images, open findings and patches, and how long they take',
    load: () => import('./commands/images/status.ts').then((file) => file.imagesStatusCommand),
  },
  'config print': {
    summary: 'print the configuration, put together and without secrets',
    load: () => import('./commands/config.ts').then((file) => file.configPrintCommand),
  },
  'config check': {
    summary: 'check the configuration',
    load: () => import('./commands/config.ts').then((file) => file.configCheckCommand),
  },
};

const COMMAND_FIRST = 'The command comes first, then its options';

/** Resolves to the exit code: 0 good, 1 it failed or found something wrong, 2 it was called wrongly. Never rejects. */
export async function runCli(argv: readonly string[], context: CommandContext): Promise<number> {
  const { out, err } = context;
  const [first] = argv;
  if (first === '--version' || first === '-v') {
    await out.write(`callboard ${packageVersion()} (Node ${process.versions.node})\n`);
    return 0;
  }
  if (first === undefined) {
    await err.write(overview(Object.keys(COMMANDS)));
    return 2;
  }
  const asked = first === 'help' ? argv.slice(1) : argv;
  const wantsHelp = first === 'help' || beforeDashes(argv).some((arg) => arg === '--help' || arg === '-h');
  const found = findCommand(asked);
  if (found === null) {
    const words = asked.filter((arg) => !arg.startsWith('-')).slice(0, 2);
    const group = commandsBelow(words[0] ?? '');
    if (wantsHelp && (words.length === 0 || (words.length === 1 && group.length > 0))) {
      await out.write(overview(words.length === 0 ? Object.keys(COMMANDS) : group));
      return 0;
    }
    const error = first.startsWith('-') ? new UsageError(COMMAND_FIRST) : unknownCommand(words, group);
    return fail(context, { name: '', error });
  }
  const { name, args } = found;
  try {
    const command = await found.entry.load();
    if (!wantsHelp) return await command.run(args, context);
    await out.write(`callboard ${name} ${command.usage}\n\n${command.help}\n`);
    return 0;
  } catch (error) {
    return fail(context, { name, error, json: beforeDashes(args).includes('--json') });
  }
}

function findCommand(
  argv: readonly string[],
): { name: string; entry: Entry; args: readonly string[] } | null {
  for (const words of [2, 1]) {
    const name = argv.slice(0, words).join(' ');
    const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (entry !== undefined) return { name, entry, args: argv.slice(words) };
  }
  return null;
}

function commandsBelow(group: string): readonly string[] {
  return Object.keys(COMMANDS).filter((name) => name.startsWith(`${group} `));
}

function unknownCommand(words: readonly string[], group: readonly string[]): UsageError {
  if (group.length > 0) return new UsageError(`Commands are: ${group.join(', ')}`);
  return new UsageError(`There is no command '${words[0]}'`);
}

/** Arguments behind `--` are no options. */
function beforeDashes(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes === -1 ? argv : argv.slice(0, dashes);
}

function overview(names: readonly string[]): string {
  const lines = names.map((name) => `  callboard ${name.padEnd(15)} ${COMMANDS[name]?.summary ?? ''}`);
  return `Callboard, a developer portal

${lines.join('\n')}

  callboard COMMAND --help    what the command takes
  callboard --version

Every command takes --json (output for programs). Those that use the portal's configuration (all but validate
and most on images) take --config FILE (repeatable, later ones win) instead of app-config.yaml in the
current folder.
`;
}

async function fail(
  { out, err, here }: CommandContext,
  { name, error, json = false }: { name: string; error: unknown; json?: boolean },
): Promise<number> {
  const command = name === '' ? 'callboard' : `callboard ${name}`;
  if (error instanceof UsageError) {
    await err.write(`${err.paint('red', `${command}:`)} ${error.message}. See ${command} --help.\n`);
    return 2;
  }
  const code = error instanceof CodedError ? error.code : null;
  // What is wrong in detail follows on lines of its own.
  const [first = '', ...rest] = relativeText(messageOf(error), here).split('\n');
  const list = first.endsWith(':') ? ':' : '';
  if (json) {
    await out.write(`${JSON.stringify({ error: { code, message: messageOf(error) } })}\n`);
    return 1;
  }
  const ending = code === null ? list : `${err.paint('dim', ` (${code})`)}${list}`;
  const sentence = list === '' ? first : first.slice(0, -1);
  await err.write(`${[`${err.paint('red', `${command}:`)} ${sentence}${ending}`, ...rest].join('\n')}\n`);
  return 1;
}
