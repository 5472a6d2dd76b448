/** Runs the commands on templates by an engine of the portal's own file actions, and a folder to run them in. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLog, createUrlReader, messageOf } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';
import {
  createFetchActions,
  createFormChecks,
  createTemplating,
  urlTreesOf,
} from '@callboard/scaffolder/authoring';
import { UsageError, type Command } from '../context.ts';
import type { Output } from '../output.ts';
import { createTemplatesCommands, type TemplatesCommands } from './commands.ts';
import type { OpenTemplating } from './room.ts';

export const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: service, annotations: { backstage.io/template-version: '2' } }
spec:
  type: service
  parameters: { required: [name], properties: { name: { type: string }, port: { type: integer } } }
  steps:
    - id: files
      action: fetch:template
      input: { url: ./skeleton, values: { name: '\${{ parameters.name }}', port: '\${{ parameters.port or 80 }}' } }
    - id: publish
      action: publish:git
      input: { remoteUrl: 'https://git.example.com/\${{ parameters.name }}.git' }
  output: { url: '\${{ steps.publish.output.remoteUrl }}' }
`;

export const TEMPLATE_FILES = {
  'template.yaml': TEMPLATE,
  'skeleton/README.md': '# ${{ values.name }}\n',
  'skeleton/Dockerfile': 'EXPOSE ${{ values.port }}\n',
};

export interface Bench extends AsyncDisposable {
  readonly path: string;
  /** The portal whose catalog each command was to use; null: the database's. */
  readonly portals: readonly (string | null)[];
  /** What `publish:` actions were asked for. */
  readonly published: { readonly action: string; readonly input: object }[];
  run(
    command: keyof TemplatesCommands,
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  read(path: string): Promise<string>;
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
}

export async function openBench(
  files: Readonly<Record<string, string>> = TEMPLATE_FILES,
  env: Readonly<Record<string, string>> = {},
): Promise<Bench> {
  const path = await mkdtemp(join(tmpdir(), 'callboard-templates-'));
  const published: { action: string; input: object }[] = [];
  const portals: (string | null)[] = [];
  const open = openWith(published);
  const commands = createTemplatesCommands((source, options) => {
    portals.push(options?.portal?.url ?? null);
    return open(source, options);
  });
  const write: Bench['write'] = async (texts) => {
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
  };
  await write(files);
  return {
    path,
    portals,
    published,
    write,
    read: (name) => readFile(join(path, name), 'utf8'),
    run: async (name, ...args) => {
      const texts = { out: '', err: '' };
      const collect = (to: keyof typeof texts): Output => ({
        isTerminal: false,
        closed: false,
        write: async (written) => void (texts[to] += written),
        paint: (_, painted) => painted,
      });
      const context = { cwd: path, here: path, env, out: collect('out'), err: collect('err') };
      const code = await run(commands[name], args, context);
      return { code, ...texts };
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** As the command line does it. */
async function run(
  command: Command,
  args: readonly string[],
  context: Parameters<Command['run']>[1],
): Promise<number> {
  try {
    return await command.run(args, context);
  } catch (error) {
    await context.err.write(messageOf(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

function openWith(published: { action: string; input: object }[]): OpenTemplating {
  const templating = createTemplating();
  const publishing = (id: string, required: readonly string[]): Action =>
    defineAction({
      id,
      schema: {
        input: { type: 'object', required: [...required], additionalProperties: true },
        output: { type: 'object', properties: { remoteUrl: { type: 'string' } } },
      },
      handler: async (context) => {
        published.push({ action: id, input: context.input });
        context.output('remoteUrl', 'https://git.example.com/opened/1');
      },
    });
  return async () => ({
    engine: async (outside) => {
      const reader = createUrlReader({ allow: [], integrations: [] });
      const all = [
        ...createFetchActions({ urls: outside?.urls ?? urlTreesOf(reader), templating }),
        publishing('publish:git', ['remoteUrl']),
        publishing('publish:github:pull-request', ['repoUrl']),
      ];
      const sources = { ask: async () => Promise.reject(new Error('There are no sources.')) };
      return {
        actions: { find: (id) => all.find((action) => action.id === id) ?? null, list: () => all },
        templating,
        forms: createFormChecks({ sources, declarations: {}, catalog: {} }),
        now: () => Date.now(),
        log: createLog({ write: () => undefined }),
      };
    },
    environment: { parameters: {}, secrets: {} },
    fields: [],
    diagnostics: [],
    [Symbol.asyncDispose]: async () => {},
  });
}
