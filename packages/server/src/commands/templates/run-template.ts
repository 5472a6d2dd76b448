/** `callboard templates run`: a dry-run of a template on disk into a folder. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  dryRun,
  readTemplate,
  toFormUser,
  toTaskSpec,
  writeFiles,
  writtenBy,
} from '@callboard/scaffolder/authoring';
import type { Template } from '@callboard/scaffolder/authoring';
import { CONFIG_OPTION, configSource, readArgs, UsageError, type Command } from '../context.ts';
import { problemText, relativeText } from '../problems.ts';
import { portalAt } from './portal.ts';
import type { OpenTemplating } from './room.ts';
import { readSecretsFile, readValuesFile } from './values-file.ts';

export function createRunCommand(openTemplating: OpenTemplating): Command {
  return {
    usage:
      'TEMPLATE.yaml --out FOLDER [--values FILE] [--secrets FILE] [--user REF] [--portal URL] [--config FILE …] [--json]',
    help: `Runs the steps of a template that change nothing but the workspace, and writes what is in it then into an empty folder.
Steps that would publish are passed over.

  --out FOLDER     where the files go; new or empty
  --values FILE    what the form would give, YAML or JSON
  --secrets FILE   its secrets, name: text
  --user REF       who asks, as user:default/anna
  --portal URL     a running portal whose catalog is asked, with the token in the variable CALLBOARD_TOKEN. Default: the
                   database of the configuration
  --config FILE    instead of app-config.yaml; repeatable, later ones win
  --json           { files, output, log, changes, error? }

Exit code: 0 it ran, 1 it failed or the values are not taken, 2 wrong use.

  callboard templates run template.yaml --values values.yaml --out /tmp/result`,

    run: async (args, context) => {
      const { values, positionals } = readArgs(args, {
        options: {
          ...CONFIG_OPTION,
          out: { type: 'string' },
          values: { type: 'string' },
          secrets: { type: 'string' },
          user: { type: 'string' },
          portal: { type: 'string' },
        },
        takes: 'any',
      });
      const [file, ...others] = positionals;
      if (file === undefined || others.length > 0) throw new UsageError('It takes one template');
      if (values.out === undefined) throw new UsageError('It takes --out, a folder for the files');
      const { here, out, err, env } = context;
      const folder = resolve(here, values.out);
      await refuseFull(folder, values.out);
      const given = await readValuesFile(values.values, { option: '--values', here });
      const secrets = await readSecretsFile(values.secrets, here);
      const { template, diagnostics } = await readTemplate(resolve(here, file));
      await err.write(diagnostics.map((one) => problemText(one, { here, on: err })).join(''));
      if (template === null) return 1;
      await using room = await openTemplating(configSource(context, values.config), {
        portal: values.portal === undefined ? null : portalAt(values.portal, env),
      });
      await err.write(room.diagnostics.map((one) => problemText(one, { here, on: err })).join(''));
      const ref = values.user ?? null;
      const engine = await room.engine();
      const checked = await engine.forms.check({
        template,
        values: given,
        secrets,
        user: toFormUser({ ref, ownership: ref === null ? [] : [ref] }, null),
        signal: new AbortController().signal,
      });
      if (checked.errors.length > 0) {
        const said = checked.errors
          .map(({ stack }) => `  ${stack.replace(/^instance\.?/, '').trim()}\n`)
          .join('');
        await err.write(`${err.paint('red', 'The form does not take the values:')}\n${said}`);
        return 1;
      }
      const user = values.user === undefined ? {} : { user: { ref: values.user } };
      const result = await dryRun(engine, {
        spec: toTaskSpec({ template, values: checked.values, ...user }),
        secrets: { ...secrets, ...checked.passwords },
        environment: room.environment,
        files: [],
        ...baseOf(template),
      });
      const tree = writtenBy(result);
      await writeFiles(folder, { tree, write: [...tree.keys()], remove: [] });
      const { log, output, changes, error } = result;
      if (values.json === true) {
        const shown = { files: [...tree.keys()], output, log: log.map(({ body }) => body), changes, error };
        await out.write(`${JSON.stringify(shown, null, 2)}\n`);
      } else {
        await err.write(log.map(({ body }) => `${body.message}\n`).join(''));
        const files = `${tree.size} ${tree.size === 1 ? 'file' : 'files'}`;
        await out.write(`${files} in ${relativeText(folder, here)}\n`);
        if (Object.keys(output).length > 0) await out.write(`${JSON.stringify(output, null, 2)}\n`);
      }
      return error === undefined ? 0 : 1;
    },
  };
}

function baseOf({ baseUrl }: Template): { readonly baseUrl?: string } {
  return baseUrl === null ? {} : { baseUrl };
}

/** What is there could be somebody's work. */
async function refuseFull(folder: string, name: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  if (entries.length > 0) throw new UsageError(`--out: ${name} is not empty`);
}
