/** Which repository is brought to which version of its template: from a running portal, or from files. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CodedError } from '@callboard/kernel';
import { hasErrors, isObject, parseRef, stringifyRef, type JsonObject } from '@callboard/model';
import {
  fileTreeOf,
  parseTemplate,
  readFileTree,
  readTemplate,
  type FileTree,
  type ParsedTemplate,
  type TaskSpec,
  type Template,
} from '@callboard/scaffolder/authoring';
import { parseAllDocuments } from 'yaml';
import { UsageError, type CommandContext } from '../context.ts';
import { kindOf } from '../files.ts';
import { portalAt, type PortalClient } from './portal.ts';
import { readRemotes } from './remotes.ts';
import { readNamed, readValuesFile } from './values-file.ts';

export interface UpgradeValues {
  readonly template?: string | undefined;
  readonly base?: string | undefined;
  readonly values?: string | undefined;
  readonly portal?: string | undefined;
  readonly 'source-path'?: string | undefined;
  readonly 'pull-request'?: string | undefined;
  readonly folder?: string | undefined;
}

export interface UpgradeInputs {
  /** Absolute. */
  readonly folder: string;
  readonly template: Template;
  /** The version that it was made with; null when nobody knows. */
  readonly from: string | null;
  readonly values: JsonObject;
  readonly base: FileTree;
  /** What was done then, when the portal has it. */
  readonly task?: TaskSpec;
  readonly ours: FileTree;
  /** Addresses of the repository. */
  readonly remotes: readonly string[];
  readonly sourcePath?: string;
  /** The portal that is asked; null when everything is given by options. */
  readonly portal: PortalClient | null;
}

const PORTAL = 'http://localhost:7007';

/**
 * What is not given by options, the portal is asked for.
 * @param name folder of the repository, or the reference of an entity
 * @throws UsageError, CodedError of the portal
 */
export async function readUpgrade(
  name: string,
  { values, context }: { readonly values: UpgradeValues; readonly context: CommandContext },
): Promise<UpgradeInputs> {
  const { here, env } = context;
  const isFolder = (await kindOf(name, here)) === 'folder';
  const folder = resolve(here, isFolder ? name : (values.folder ?? '.'));
  const extra = await readValuesFile(values.values, { option: '--values', here });
  const portal = portalAt(values.portal ?? PORTAL, env);
  const isOffline = values.template !== undefined && values.base !== undefined;
  const use = isOffline ? null : await portal.lastUse(isFolder ? await entityOf(folder) : toRef(name));
  const template = await templateOf(values.template ?? use?.templateRef ?? '', { here, portal });
  const task = use === null ? null : await portal.task(use.taskId);
  const { 'source-path': sourcePath, 'pull-request': request } = values;
  return {
    folder,
    template,
    from: use?.templateVersion ?? null,
    values: { ...use?.values, ...extra },
    base: await fileTreeOf(await baseOf(values.base, { here, portal, taskId: use?.taskId ?? '' })),
    ...(task === null ? {} : { task }),
    ours: await readFileTree(folder),
    remotes: request === undefined ? await readRemotes(folder, env) : [request],
    ...(sourcePath === undefined ? {} : { sourcePath }),
    portal: isOffline && values.portal === undefined ? null : portal,
  };
}

function toRef(name: string): string {
  const ref = parseRef(name, { kind: 'component', namespace: 'default' });
  if (ref === null) throw new UsageError(`${name} is neither a folder nor the reference of an entity`);
  return stringifyRef(ref);
}

/** The first entity of the repository's catalog file. */
async function entityOf(folder: string): Promise<string> {
  const file = join(folder, 'catalog-info.yaml');
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const document of parseAllDocuments(text)) {
    const entity: unknown = document.errors.length === 0 ? document.toJS() : null;
    if (!isObject(entity) || !isObject(entity['metadata'])) continue;
    const { kind, metadata } = entity;
    const { name, namespace = 'default' } = metadata;
    if (typeof kind === 'string' && typeof name === 'string' && typeof namespace === 'string') {
      return stringifyRef({ kind, namespace, name });
    }
  }
  throw new UsageError(`${file} names no entity; give its reference, and the folder with --folder`);
}

async function templateOf(
  name: string,
  { here, portal }: { readonly here: string; readonly portal: PortalClient },
): Promise<Template> {
  const isFile = (await kindOf(name, here)) === 'file';
  const { template, diagnostics }: ParsedTemplate = isFile
    ? await readTemplate(resolve(here, name))
    : parseTemplate(await portal.entity(name));
  if (template !== null && !hasErrors(diagnostics)) return template;
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const message = `The template ${name} cannot be used: ${first?.summary ?? 'it is none'}`;
  throw new CodedError(400, 'server/template-unusable', message);
}

async function baseOf(
  file: string | undefined,
  { here, portal, taskId }: { readonly here: string; readonly portal: PortalClient; readonly taskId: string },
): Promise<Uint8Array> {
  return file === undefined ? portal.base(taskId) : readNamed(file, { option: '--base', here });
}
