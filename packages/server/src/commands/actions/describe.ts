/** `callboard actions describe`: what an action takes and gives, with an example. */
import type { Action } from '@callboard/plugin';
import { CONFIG_OPTION, readArgs, type Command } from '../context.ts';
import type { Output } from '../output.ts';
import { CONFIG_HELP, findAction, openFor, plain, readId, type OpenActions } from './open.ts';
import { exampleOf, fieldsOf, type Field } from './schema-text.ts';

export function createActionsDescribeCommand(open: OpenActions): Command {
  return {
    usage: 'ID [--config FILE …] [--json]',
    help: `Describes an action: its inputs with their types and defaults, its outputs, and an example. A * marks inputs
that a step has to give.

${CONFIG_HELP}
  --json           { id, description, supportsDryRun, schema, examples }

Exit code: 0, or 1 when there is no such action; 2 wrong use.

  callboard actions describe fetch:template`,

    run: async (args, context) => {
      const { values, positionals } = readArgs(args, { options: CONFIG_OPTION, takes: 'any' });
      const id = readId(positionals);
      const { out } = context;
      await using opened = await openFor(open, context, values.config);
      const action = findAction(opened, id);
      const { description = '', supportsDryRun = false, schema = {}, examples = [] } = action;
      const shown = { id, description, supportsDryRun, schema, examples };
      await out.write(values.json === true ? `${JSON.stringify(shown, null, 2)}\n` : textOf(action, out));
      return 0;
    },
  };
}

function textOf(action: Action, out: Output): string {
  const { id, description = '', supportsDryRun = false, schema } = action;
  const dryRun = supportsDryRun ? 'Runs in a dry-run, too.' : 'Does not run in a dry-run.';
  const about = [plain(description), dryRun].filter((text) => text !== '').join('\n');
  const example = exampleOf(action).replaceAll(/^(?=.)/gm, '  ');
  const parts = [
    `${out.paint('bold', id)}\n${about}`,
    section('Input', fieldsOf(schema?.input), out),
    section('Output', fieldsOf(schema?.output), out),
    `${out.paint('bold', 'Example')}\n${example}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Types are wrapped by nobody: a long one stands on a line with nothing beside it. */
const WIDEST = 40;

function section(title: string, fields: readonly Field[], out: Output): string {
  if (fields.length === 0) return title === 'Input' ? `${out.paint('bold', title)}\n  none is known` : '';
  const nameWidth = Math.max(...fields.map(({ name }) => name.length + 1));
  const typeWidth = Math.min(WIDEST, Math.max(...fields.map(({ type }) => type.length)));
  const lines = fields.map((field) => {
    const { name, type, required, description = '' } = field;
    const preset = field.default === undefined ? '' : ` [${JSON.stringify(field.default)}]`;
    const text = `${description.replaceAll(/\s+/g, ' ')}${preset}`.trim();
    const head = `  ${`${name}${required ? '*' : ''}`.padEnd(nameWidth)}  ${type.padEnd(typeWidth)}`;
    return `${head}  ${text}`.trimEnd();
  });
  return [out.paint('bold', title), ...lines].join('\n');
}
