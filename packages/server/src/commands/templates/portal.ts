/** What a running portal remembers of what its templates made. */
import { CodedError, messageOf, type Environment, type ErrorStatus } from '@callboard/kernel';
import { isObject, parseJson, parseRef, type JsonObject, type JsonValue } from '@callboard/model';
import type { TaskSpec } from '@callboard/scaffolder/authoring';

export interface TemplateUse {
  readonly taskId: string;
  readonly templateRef: string;
  readonly templateVersion: string;
  readonly values: JsonObject;
}

export interface PortalClient {
  /** Root of the portal. */
  readonly url: string;
  /** The last run that made the entity. @throws CodedError 404 `server/not-made-by-template` */
  lastUse(entityRef: string): Promise<TemplateUse>;
  /** `.tar.gz` of what the task wrote. @throws CodedError 404 `server/no-upgrade-base` */
  base(taskId: string): Promise<Uint8Array>;
  /** What the task did; null when the portal has it no more. */
  task(taskId: string): Promise<TaskSpec | null>;
  /** An entity of the catalog. @throws CodedError 404 `server/no-such-entity` */
  entity(ref: string): Promise<JsonObject>;
}

/** The portal that the options of a command name, asked with the token in `CALLBOARD_TOKEN`. */
export function portalAt(url: string, env: Environment): PortalClient {
  const token = env['CALLBOARD_TOKEN'] ?? '';
  return createPortalClient({ url, token: token === '' ? null : token, fetch });
}

/** Milliseconds that an answer may take. */
const TIMEOUT = 30_000;

/**
 * Every call can throw `server/portal-unreachable` and `server/portal-refused`.
 * @param options.token sent as a Bearer token; null: none
 */
function createPortalClient(options: {
  /** Root of the portal, as `http://localhost:7007`. */
  readonly url: string;
  readonly token: string | null;
  readonly fetch: typeof fetch;
}): PortalClient {
  const get = async (path: string): Promise<Response> => {
    const url = `${options.url.replace(/\/$/, '')}${path}`;
    const headers: Record<string, string> =
      options.token === null ? {} : { authorization: `Bearer ${options.token}` };
    try {
      return await options.fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT) });
    } catch (cause) {
      const message = `The portal at ${options.url} cannot be reached: ${reasonOf(cause)}. Is it running? --portal says where.`;
      throw new CodedError(503, 'server/portal-unreachable', message, { cause });
    }
  };
  const ask = async (path: string, missing: () => CodedError): Promise<Response> => {
    const response = await get(path);
    if (response.status === 404) throw missing();
    return accepted(response, path);
  };
  return {
    url: options.url,
    lastUse: async (entityRef) => {
      const none = (): CodedError => {
        const message = `The portal does not know that a template made ${entityRef}. Give --template, --base and --values.`;
        return new CodedError(404, 'server/not-made-by-template', message);
      };
      const path = `/api/scaffolder/v2/created?entityRef=${encodeURIComponent(entityRef)}`;
      return toUse(await jsonOf(await ask(path, none))) ?? raise(none());
    },
    base: async (taskId) => {
      const none = (): CodedError => {
        const message = `The portal does not keep what task ${taskId} wrote. Give it as a .tar.gz with --base.`;
        return new CodedError(404, 'server/no-upgrade-base', message);
      };
      const response = await ask(`/api/scaffolder/v2/tasks/${encodeURIComponent(taskId)}/base`, none);
      return new Uint8Array(await response.arrayBuffer());
    },
    task: async (taskId) => {
      const path = `/api/scaffolder/v2/tasks/${encodeURIComponent(taskId)}`;
      const response = await get(path);
      return response.status === 404 ? null : toSpec(await jsonOf(accepted(response, path)));
    },
    entity: async (ref) => {
      const none = (): CodedError =>
        new CodedError(404, 'server/no-such-entity', `The catalog has no ${ref} any more`);
      const parsed = parseRef(ref, { namespace: 'default' });
      if (parsed === null) throw none();
      const path = [parsed.kind, parsed.namespace, parsed.name].map(encodeURIComponent).join('/');
      const value = await jsonOf(await ask(`/api/catalog/entities/by-name/${path}`, none));
      return isJsonObject(value) ? value : raise(none());
    },
  };
}

function accepted(response: Response, path: string): Response {
  if (response.ok) return response;
  const hint = response.status === 401 ? ' Set CALLBOARD_TOKEN to a token for it.' : '';
  const status: ErrorStatus = response.status === 401 ? 401 : 503;
  const message = `The portal answers ${response.status} to ${path}.${hint}`;
  throw new CodedError(status, 'server/portal-refused', message);
}

function raise(error: CodedError): never {
  throw error;
}

function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return messageOf(cause ?? thrown);
}

async function jsonOf(response: Response): Promise<unknown> {
  return parseJson(await response.text());
}

function toUse(answer: unknown): TemplateUse | null {
  const items = isObject(answer) && Array.isArray(answer['items']) ? answer['items'] : [];
  const uses = items.flatMap((item: unknown): { use: TemplateUse; at: string }[] => {
    if (!isObject(item)) return [];
    const { taskId, templateRef, templateVersion, values, createdAt } = item;
    if (typeof taskId !== 'string' || typeof templateRef !== 'string' || !isJsonObject(values)) return [];
    const version = typeof templateVersion === 'string' ? templateVersion : '';
    return [{ use: { taskId, templateRef, templateVersion: version, values }, at: String(createdAt) }];
  });
  return uses.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0]?.use ?? null;
}

/** What a task did, as far as its steps can be followed with it; null when it cannot be read. */
function toSpec(task: unknown): TaskSpec | null {
  const spec = isObject(task) ? task['spec'] : null;
  if (!isObject(spec) || !isJsonObject(spec['parameters']) || !Array.isArray(spec['steps'])) return null;
  const steps = spec['steps'].filter(isStep);
  if (steps.length < spec['steps'].length) return null;
  const { parameters, user } = spec;
  const ref = isObject(user) ? user['ref'] : undefined;
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    parameters,
    steps,
    output: {},
    ...(typeof ref === 'string' ? { user: { ref } } : {}),
  };
}

function isStep(value: unknown): value is TaskSpec['steps'][number] {
  if (!isObject(value)) return false;
  return [value['id'], value['name'], value['action']].every((text) => typeof text === 'string');
}

/** What came as JSON is JSON. */
function isJsonObject(value: unknown): value is Record<string, JsonValue> {
  return isObject(value);
}
