/** `callboard config print|check`: what the portal would start with, and what is wrong with it. */
import { printConfig, type LoadedConfig } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';
import { stringify } from 'yaml';
import { checkPortalConfig, loadPortalConfig } from '../portal-config.ts';
import { CONFIG_OPTION, configSource, readArgs, type Command, type CommandContext } from './context.ts';
import { amount, countProblems, countText, problemText, relativeText } from './problems.ts';

export const configPrintCommand: Command = {
  usage: '[--frontend] [--show-secrets] [--config FILE …] [--json]',
  help: `Prints the configuration that the portal would start with: files, includes and variables put together.
Secrets read <secret>. Problems go to standard error.

  --frontend       only what browsers may see
  --show-secrets   secrets as they are
  --config FILE    instead of app-config.yaml; repeatable, later ones win
  --json           JSON instead of YAML

Exit code: 0, or 1 when the configuration has errors; what could be read is printed all the same.

  callboard config print --config app-config.yaml --config production.yaml`,

  run: async (args, context) => {
    const { values } = readArgs(args, {
      options: { ...CONFIG_OPTION, frontend: { type: 'boolean' }, 'show-secrets': { type: 'boolean' } },
      takes: 'none',
    });
    const { loaded, diagnostics } = await load(context, values.config);
    const { here, out, err } = context;
    await err.write(diagnostics.map((found) => problemText(found, { here, on: err })).join(''));
    const shown = printConfig(loaded, {
      visibility: values.frontend === true ? 'frontend' : 'all',
      showSecrets: values['show-secrets'] === true,
    });
    await out.write(values.json === true ? `${JSON.stringify(shown, null, 2)}\n` : stringify(shown));
    return countProblems(diagnostics).errors > 0 ? 1 : 0;
  },
};

export const configCheckCommand: Command = {
  usage: '[--strict] [--config FILE …] [--json]',
  help: `Checks the configuration that the portal would start with.

  --strict        warnings fail, too, such as variables that are not set
  --config FILE   instead of app-config.yaml; repeatable, later ones win
  --json          { files, errors, warnings, diagnostics } instead of lines; paths are absolute

Exit code: 0 good, 1 problems, 2 wrong use.

  callboard config check --strict --config app-config.yaml --config production.yaml`,

  run: async (args, context) => {
    const { values } = readArgs(args, {
      options: { ...CONFIG_OPTION, strict: { type: 'boolean' } },
      takes: 'none',
    });
    const { loaded, diagnostics } = await load(context, values.config);
    const { here, out } = context;
    const count = countProblems(diagnostics);
    if (values.json === true) {
      const result = { files: loaded.files, ...count, diagnostics };
      await out.write(`${JSON.stringify(result, null, 2)}\n`);
    } else {
      await out.write(diagnostics.map((found) => problemText(found, { here, on: out })).join(''));
      const names = loaded.files.map((file) => relativeText(file, here));
      const list = names.length === 0 ? '' : ` (${names.join(', ')})`;
      const read = `${amount(names.length, 'file')} read${list}`;
      await out.write(`${read}: ${countText(count, out)}\n`);
    }
    const failed = count.errors > 0 || (values.strict === true && count.warnings > 0);
    return failed ? 1 : 0;
  },
};

async function load(
  context: CommandContext,
  config: readonly string[] | undefined,
): Promise<{ readonly loaded: LoadedConfig; readonly diagnostics: readonly Diagnostic[] }> {
  const source = configSource(context, config);
  const loaded = await loadPortalConfig(source);
  return { loaded, diagnostics: checkPortalConfig(loaded, source) };
}
