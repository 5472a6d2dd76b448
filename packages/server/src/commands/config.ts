/** `callboard config print|check`: what the portal would start with, and what is wrong with it. */
import { printConfig } from '@callboard/kernel';
import { formatDiagnostic, hasErrors } from '@callboard/model';
import { stringify } from 'yaml';
import { checkPortalConfig, loadPortalConfig } from '../main.ts';
import { readArgs, type Command } from './context.ts';

export const configCommand: Command = async (args, context) => {
  const { values, positionals } = readArgs(args, {
    frontend: { type: 'boolean' },
    'show-secrets': { type: 'boolean' },
  });
  const { cwd, env } = context;
  const loaded = await loadPortalConfig({ configFiles: values.config ?? [], cwd, env });
  const [action] = positionals;
  if (action === 'print') {
    const shown = printConfig(loaded, {
      visibility: values.frontend === true ? 'frontend' : 'all',
      showSecrets: values['show-secrets'] === true,
    });
    context.out(values.json === true ? `${JSON.stringify(shown, null, 2)}\n` : stringify(shown));
    return 0;
  }
  if (action === 'check') {
    const diagnostics = checkPortalConfig(loaded, { cwd, env });
    if (values.json === true)
      context.out(`${JSON.stringify({ files: loaded.files, diagnostics }, null, 2)}\n`);
    else {
      for (const diagnostic of diagnostics) context.out(`${formatDiagnostic(diagnostic)}\n`);
      context.out(`${loaded.files.length} files read, ${diagnostics.length} problems\n`);
    }
    return hasErrors(diagnostics) ? 1 : 0;
  }
  throw new TypeError('config takes print or check');
};
