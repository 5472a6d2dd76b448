/** `callboard templates upgrade`: what changed in a template since, merged into what it made. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CodedError } from '@callboard/kernel';
import {
  createRunner,
  NOT_STARTED,
  planUpgrade,
  toChangeRequest,
  writeFiles,
  type RunnerDeps,
  type UpgradePlan,
} from '@callboard/scaffolder/authoring';
import { CONFIG_OPTION, configSource, readArgs, UsageError, type Command } from '../context.ts';
import type { Output } from '../output.ts';
import { problemText } from '../problems.ts';
import type { OpenTemplating } from './room.ts';
import { readUpgrade, type UpgradeInputs } from './upgrade-options.ts';

export function createUpgradeCommand(openTemplating: OpenTemplating): Command {
  return {
    usage: 'FOLDER|ENTITY [--patch FILE|- | --write | --pull-request REPO_URL] [--values FILE] [--json] …',
    help: `Renders the template that made a repository in its version of today, compares that with what it wrote then, and merges
the difference into the repository. Of what the steps write, the folder counts that they publish (sourcePath). Where both
changed the same lines, conflict marks are left and the file is listed. Which template, which values and what it wrote
then, the portal knows; or say it with --template, --base and --values.

  --patch FILE           writes the change for git apply; - is standard output
  --write                changes the files of the folder
  --pull-request URL     opens it as a pull request of github.com?owner=…&repo=…, or a merge request of gitlab.com?…
  --values FILE          what the newer version asks for besides, or other values
  --folder FOLDER        the repository, when an entity is named; default: the current folder
  --template FILE|REF    another template than the portal remembers
  --base FILE            .tar.gz of what the template wrote then, the whole workspace
  --source-path FOLDER   the folder of the workspace that the repository is, where the steps publish several; . is all of it.
                         Default: the one that is published to a remote of the repository
  --portal URL           default: http://localhost:7007; the variable CALLBOARD_TOKEN is sent to it. Its catalog is asked, too;
                         with --template and --base and without --portal, that of the database of the configuration
  --config FILE          instead of app-config.yaml; repeatable, later ones win
  --json                 { template, from, to, changes, conflicts, url? }

Exit code: 0 merged, or nothing to do; 1 there are conflicts, or it cannot be done; 2 wrong use.

  callboard templates upgrade . --patch - | git apply
  callboard templates upgrade component:default/booking-service --pull-request 'github.com?owner=o&repo=r'`,

    run: async (args, context) => {
      const { values, positionals } = readArgs(args, {
        options: {
          ...CONFIG_OPTION,
          patch: { type: 'string' },
          write: { type: 'boolean' },
          'pull-request': { type: 'string' },
          values: { type: 'string' },
          folder: { type: 'string' },
          template: { type: 'string' },
          base: { type: 'string' },
          portal: { type: 'string' },
          'source-path': { type: 'string' },
        },
        takes: 'any',
      });
      const [name, ...others] = positionals;
      if (name === undefined || others.length > 0) throw new UsageError('It takes one folder or entity');
      const ways = [values.patch, values.write, values['pull-request']].filter((way) => way !== undefined);
      if (ways.length > 1) throw new UsageError('It takes one of --patch, --write and --pull-request');
      const { here, out, err } = context;
      const inputs = await readUpgrade(name, { values, context });
      await using room = await openTemplating(configSource(context, values.config), inputs);
      await err.write(room.diagnostics.map((one) => problemText(one, { here, on: err })).join(''));
      const deps = await room.engine();
      const plan = await planUpgrade(deps, { ...inputs, environment: room.environment });
      const isPatchOut = values.patch === '-';
      if (values.patch !== undefined && !isPatchOut) await writeFile(resolve(here, values.patch), plan.patch);
      if (isPatchOut) await out.write(patchText(plan));
      if (values.write === true) await write(plan, inputs);
      const repoUrl = values['pull-request'];
      const url =
        repoUrl === undefined || plan.changes.length === 0
          ? null
          : await open(deps, { plan, inputs, repoUrl });
      const on = isPatchOut ? err : out;
      if (values.json === true) await on.write(`${JSON.stringify(toJson(plan, { inputs, url }), null, 2)}\n`);
      else await on.write(planText(plan, { inputs, url, on }));
      return plan.conflicts.length === 0 ? 0 : 1;
    },
  };
}

/** @throws UsageError when it has text in another encoding, which standard output would spoil */
function patchText({ patch }: UpgradePlan): string {
  const text = patch.toString('utf8');
  if (Buffer.from(text).equals(patch)) return text;
  throw new UsageError('The patch is not all UTF-8, so it has to go to a file: --patch FILE');
}

async function write(plan: UpgradePlan, { folder }: UpgradeInputs): Promise<void> {
  const changed = plan.changes.filter(({ kind }) => kind !== 'deleted').map(({ path }) => path);
  const remove = plan.changes.flatMap(({ kind, path, from }) => (kind === 'deleted' ? [path] : (from ?? [])));
  await writeFiles(folder, { tree: plan.files, write: changed, remove });
}

/** Opens the request by the action of the forge. */
async function open(
  deps: RunnerDeps,
  {
    plan,
    inputs,
    repoUrl,
  }: { readonly plan: UpgradePlan; readonly inputs: UpgradeInputs; readonly repoUrl: string },
): Promise<string> {
  const forge = /^[^?/]*gitlab/.test(repoUrl) ? 'gitlab' : 'github';
  const { spec, files } = toChangeRequest(plan, { forge, repoUrl, templateRef: inputs.template.ref });
  const workspacePath = await mkdtemp(join(tmpdir(), 'callboard-upgrade-'));
  try {
    await writeFiles(workspacePath, { tree: plan.files, write: files, remove: [] });
    const outcome = await createRunner(deps).run({
      taskId: 'upgrade',
      spec,
      secrets: {},
      environment: { parameters: {}, secrets: {} },
      workspacePath,
      isDryRun: false,
      state: NOT_STARTED,
      signal: new AbortController().signal,
      hooks: { log: () => undefined },
      credentials: async () => null,
    });
    if (outcome.status === 'completed') {
      const { url } = outcome.output;
      return typeof url === 'string' ? url : repoUrl;
    }
    const why = outcome.status === 'failed' ? outcome.error.message : outcome.status;
    throw new CodedError(503, 'server/request-not-opened', `The request could not be opened: ${why}`);
  } finally {
    await rm(workspacePath, { recursive: true, force: true });
  }
}

interface Shown {
  readonly inputs: UpgradeInputs;
  /** Of the request that was opened; null: none was. */
  readonly url: string | null;
}

function toJson({ version, changes, conflicts }: UpgradePlan, { inputs, url }: Shown): object {
  const { template, from } = inputs;
  return { template: template.ref, from, to: version, changes, conflicts, ...(url === null ? {} : { url }) };
}

const SIGNS = { added: 'A', changed: 'M', deleted: 'D', renamed: 'R' } as const;

function planText(plan: UpgradePlan, { inputs, url, on }: Shown & { readonly on: Output }): string {
  const { template, from } = inputs;
  const versions = from === null || from === plan.version ? plan.version : `${from} → ${plan.version}`;
  const where = plan.sourcePath === '' ? '' : `, its folder ${plan.sourcePath}`;
  const lines = [`${on.paint('bold', template.ref)} ${versions}${where}`];
  if (plan.changes.length === 0) lines.push('Nothing changes.');
  for (const { kind, path, from: before } of plan.changes) {
    lines.push(`  ${SIGNS[kind]} ${before === undefined ? path : `${before} → ${path}`}`);
  }
  for (const { path, summary } of plan.conflicts) lines.push(`  ${on.paint('red', '!')} ${path}: ${summary}`);
  if (url !== null) lines.push(`Opened: ${url}`);
  return `${lines.join('\n')}\n`;
}
