/** `callboard templates test`: runs `template.test.yaml` and `form.test.yaml` without server and network. */
import {
  createRunner,
  isPassed,
  runFormTests,
  runTemplateTests,
  type TemplateTestReport,
} from '@callboard/scaffolder/authoring';
import { CONFIG_OPTION, configSource, readArgs, type Command } from '../context.ts';
import type { Output } from '../output.ts';
import { problemText, relativeText } from '../problems.ts';
import { findTemplateTests, isFormTest } from './find-templates.ts';
import type { OpenTemplating } from './room.ts';

export function createTestCommand(openTemplating: OpenTemplating): Command {
  return {
    usage: '[FILE|FOLDER|GLOB …] [--update] [--only TEXT] [--config FILE …] [--json]',
    help: `Runs the cases of template.test.yaml by the portal's engine: values in; steps, files and output out; and those of
form.test.yaml by the portal's form: values in; fields, options and errors out. Nothing goes outside: what would publish is
recorded, and requests get the answers that the test has. A folder stands for the tests in and below it; without a name it
is the current one.

  --update        writes snapshots that are missing or differ
  --only TEXT     only cases with this in their name
  --config FILE   instead of app-config.yaml; repeatable, later ones win
  --json          [{ file, diagnostics, cases: [{ name, failures, duration }], updated }]

Exit code: 0 all hold, 1 some do not or there are none, 2 wrong use.

  callboard templates test examples/catalog/templates`,

    run: async (args, context) => {
      const { values, positionals } = readArgs(args, {
        options: { ...CONFIG_OPTION, update: { type: 'boolean' }, only: { type: 'string' } },
        takes: 'any',
      });
      const { here, out, err } = context;
      const { files, missing } = await findTemplateTests(
        positionals.length === 0 ? ['.'] : positionals,
        here,
      );
      await err.write(missing.map((one) => problemText(one, { here, on: err })).join(''));
      await using room = await openTemplating(configSource(context, values.config));
      await err.write(room.diagnostics.map((one) => problemText(one, { here, on: err })).join(''));
      const reports: TemplateTestReport[] = [];
      for (const file of files) {
        const only = values.only === undefined ? {} : { only: values.only };
        const report = isFormTest(file)
          ? await runFormTests({
              file,
              openForms: async (outside) => (await room.engine(outside)).forms,
              ...only,
            })
          : await runTemplateTests({
              file,
              openEngine: async (outside) => {
                const deps = await room.engine(outside);
                const { actions, forms } = deps;
                return { actions, forms, createRunner: (own) => createRunner({ ...deps, actions: own }) };
              },
              ...(values.update === true ? { snapshots: 'update' } : {}),
              ...only,
            });
        reports.push(report);
        if (values.json !== true) await out.write(reportText(report, { here, on: out }));
      }
      if (values.json === true) await out.write(`${JSON.stringify(reports, null, 2)}\n`);
      else await out.write(summary(reports, out));
      const cases = reports.reduce((sum, one) => sum + one.cases.length, 0);
      return cases > 0 && missing.length === 0 && reports.every(isPassed) ? 0 : 1;
    },
  };
}

function reportText(
  report: TemplateTestReport,
  { here, on }: { readonly here: string; readonly on: Output },
): string {
  const { file, diagnostics, cases, updated } = report;
  const lines = [relativeText(file, here)];
  for (const { name, failures, duration } of cases) {
    const mark = failures.length === 0 ? on.paint('green', '✓') : on.paint('red', '✗');
    lines.push(`  ${mark} ${name} ${on.paint('dim', `${duration} ms`)}`);
    for (const { what, message } of failures)
      lines.push(`    ${on.paint('red', what)}: ${coloured(message, on)}`);
  }
  for (const folder of updated) lines.push(`  written: ${relativeText(folder, here)}`);
  const problems = diagnostics.map((one) => problemText(one, { here, on })).join('');
  return `${lines.join('\n')}\n${problems}`;
}

/** Lines of a difference: what is expected and what is there. */
function coloured(message: string, on: Output): string {
  const [first = '', ...rest] = message.split('\n');
  const shown = rest.map((line) => {
    if (line.startsWith('    +')) return on.paint('green', `  ${line}`);
    return line.startsWith('    -') ? on.paint('red', `  ${line}`) : `  ${line}`;
  });
  return [first, ...shown].join('\n');
}

function summary(reports: readonly TemplateTestReport[], on: Output): string {
  const cases = reports.flatMap((one) => one.cases);
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  const broken = reports.filter((one) => !isPassed(one) && one.cases.length === 0).length;
  const held = `${cases.length - failed} of ${cases.length} ${cases.length === 1 ? 'case holds' : 'cases hold'}`;
  const parts = [
    ...(cases.length > 0 ? [held] : []),
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'file' : 'files'} could not be run`] : []),
  ];
  if (cases.length === 0 && broken === 0)
    return 'There are no tests here. They are files called template.test.yaml or form.test.yaml.\n';
  return `${failed + broken > 0 ? on.paint('red', parts.join(', ')) : parts.join(', ')}\n`;
}
