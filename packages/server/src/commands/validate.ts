/** `callboard validate`: checks catalog files the way the portal would, without starting it. */
import { validateSources } from '@callboard/catalog';
import { readArgs, UsageError, type Command } from './context.ts';
import { findFiles } from './files.ts';
import { amount, countProblems, countText, problemText } from './problems.ts';
import { createProgress } from './progress.ts';

export const validateCommand: Command = {
  usage: 'FILE|FOLDER|GLOB … [--strict] [--json]',
  help: `Checks catalog files the way the portal would, without database and network. A folder stands for all
*.yaml and *.yml in and below it. What $text, $json and $yaml point to must exist when it is a file;
URLs are not fetched, and targets of Location entities are not followed.

  --strict   warnings fail, too
  --json     { files, entities, errors, warnings, diagnostics } instead of lines; paths are absolute

Problems are printed as file:line:column. Exit code: 0 good, 1 problems, 2 wrong use.

  callboard validate catalog-info.yaml
  callboard validate 'services/**/catalog-info.yaml'`,

  run: async (args, context) => {
    const { here, out, err } = context;
    const { values, positionals } = readArgs(args, {
      options: { strict: { type: 'boolean' } },
      takes: 'any',
    });
    if (positionals.length === 0) throw new UsageError('It takes files, folders or globs');
    const { files, missing } = await findFiles(positionals, here);
    const progress = createProgress(err, { label: 'Checking', total: files.length });
    const { entities, diagnostics } = await validateSources(files, { onFile: () => progress.step() });
    progress.end();
    const all = [...missing, ...diagnostics];
    const count = countProblems(all);
    if (values.json === true) {
      const result = {
        files: files.length,
        entities,
        ...count,
        diagnostics: all,
      };
      await out.write(`${JSON.stringify(result, null, 2)}\n`);
    } else {
      await out.write(all.map((diagnostic) => problemText(diagnostic, { here, on: out })).join(''));
      const looked = `${amount(files.length, 'file')}, ${amount(entities, 'entity')}`;
      await out.write(`${looked}: ${countText(count, out)}\n`);
    }
    const failed = count.errors > 0 || (values.strict === true && count.warnings > 0);
    return failed ? 1 : 0;
  },
};
