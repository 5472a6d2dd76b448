/** `callboard actions list`: the actions that steps of templates can name here. */
import { CONFIG_OPTION, readArgs, type Command } from '../context.ts';
import { CONFIG_HELP, openFor, plain, type OpenActions } from './open.ts';

export function createActionsListCommand(open: OpenActions): Command {
  return {
    usage: '[--config FILE …] [--json]',
    help: `Lists the actions that steps of templates can name: the portal's own, those of plugins, and those of the files
that the configuration names. A * marks those that run in a dry-run, too.

${CONFIG_HELP}
  --json           [{ id, description, supportsDryRun }]

Exit code: 0, or 1 when some could not be loaded; the others are listed all the same.

  callboard actions list`,

    run: async (args, context) => {
      const { values } = readArgs(args, { options: CONFIG_OPTION, takes: 'none' });
      const { out } = context;
      await using opened = await openFor(open, context, values.config);
      const actions = opened.registry.list();
      if (values.json === true) {
        const shown = actions.map(({ id, description = '', supportsDryRun = false }) => ({
          id,
          description,
          supportsDryRun,
        }));
        await out.write(`${JSON.stringify(shown, null, 2)}\n`);
        return opened.failed ? 1 : 0;
      }
      const width = Math.max(0, ...actions.map(({ id }) => id.length));
      const lines = actions.map(({ id, description = '', supportsDryRun }) => {
        const [first = ''] = plain(description).split('\n');
        const name = out.paint('bold', id.padEnd(width));
        return `${name} ${supportsDryRun === true ? '*' : ' '} ${first}`.trimEnd();
      });
      await out.write(lines.map((line) => `${line}\n`).join(''));
      return opened.failed ? 1 : 0;
    },
  };
}
