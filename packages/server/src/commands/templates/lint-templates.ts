/** `callboard templates lint`: what would go wrong when templates are used, with the place. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Diagnostic } from '@callboard/model';
import { lintTemplate, readTemplateFiles } from '@callboard/scaffolder/authoring';
import { CONFIG_OPTION, configSource, readArgs, type Command } from '../context.ts';
import { amount, countProblems, countText, problemText } from '../problems.ts';
import { findTemplates } from './find-templates.ts';
import type { OpenTemplating, TemplatingRoom } from './room.ts';

export function createLintCommand(openTemplating: OpenTemplating): Command {
  return {
    usage: '[FILE|FOLDER|GLOB …] [--strict] [--config FILE …] [--json]',
    help: `Looks at software templates and the files of their skeletons: unknown actions, inputs, fields and filters, names that
nothing has, secrets that would be seen, conditions that always hold. Nothing is run. A folder stands for the templates in
and below it; without a name it is the current one. Which actions there are, the configuration says.

  --strict        warnings fail, too
  --config FILE   instead of app-config.yaml; repeatable, later ones win
  --json          { files, errors, warnings, diagnostics } instead of lines; paths are absolute

Exit code: 0 good, 1 problems, 2 wrong use.

  callboard templates lint examples/catalog/templates`,

    run: async (args, context) => {
      const { values, positionals } = readArgs(args, {
        options: { ...CONFIG_OPTION, strict: { type: 'boolean' } },
        takes: 'any',
      });
      const { here, out } = context;
      const { files, missing } = await findTemplates(positionals.length === 0 ? ['.'] : positionals, here);
      await using room = await openTemplating(configSource(context, values.config));
      const all: Diagnostic[] = [...missing, ...room.diagnostics];
      for (const file of files) all.push(...(await lintFile(file, room)));
      const count = countProblems(all);
      if (values.json === true) {
        await out.write(`${JSON.stringify({ files: files.length, ...count, diagnostics: all }, null, 2)}\n`);
      } else {
        await out.write(all.map((diagnostic) => problemText(diagnostic, { here, on: out })).join(''));
        await out.write(`${amount(files.length, 'file')}: ${countText(count, out)}\n`);
      }
      return count.errors > 0 || (values.strict === true && count.warnings > 0) ? 1 : 0;
    },
  };
}

async function lintFile(file: string, room: TemplatingRoom): Promise<readonly Diagnostic[]> {
  const { actions, templating } = await room.engine();
  const { filters, globals } = templating.listExtensions();
  return lintTemplate({
    text: await readFile(file, 'utf8'),
    file,
    actions,
    fields: room.fields,
    declarations: room.declarations ?? {},
    filters: Object.keys(filters),
    globals: [...Object.keys(globals.functions), ...Object.keys(globals.values)],
    files: await readTemplateFiles(dirname(file)),
  });
}
