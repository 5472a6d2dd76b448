/** `GET /external-dependencies`: whether other services answer, asked when somebody looks. */
import { execFile } from 'node:child_process';
import { messageOf, type Config } from '@callboard/kernel';
import { isObject } from '@callboard/model';

export interface ExternalDependency {
  readonly name: string;
  readonly type: string;
  /** Without user name and password. */
  readonly target: string;
  readonly status: 'Healthy' | 'Unhealthy';
  readonly error?: string;
}

interface Endpoint {
  readonly name: string;
  readonly type: string;
  readonly target: string;
}

export interface EndpointDeps {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Resolves when the host answers; rejects with the reason when it does not. Default: the `ping` of the machine. */
  readonly ping?: (host: string) => Promise<void>;
}

const PATIENCE = 5_000;
/** A program of the machine. */
const PING = 'ping';

/** Asks all configured endpoints; those who ask meanwhile get the same answer. */
export function createEndpointChecks(
  config: Config,
  deps: EndpointDeps,
): () => Promise<readonly ExternalDependency[]> {
  let underWay: Promise<readonly ExternalDependency[]> | null = null;
  return () => {
    underWay ??= Promise.all(configured(config).map((endpoint) => check(endpoint, deps))).finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

function configured(config: Config): Endpoint[] {
  const list = config.getOptional('devTools.externalDependencies.endpoints');
  return (Array.isArray(list) ? list : []).filter(isObject).map(({ name, type, target }) => ({
    name: String(name),
    type: String(type),
    target: String(target),
  }));
}

async function check(endpoint: Endpoint, deps: EndpointDeps): Promise<ExternalDependency> {
  const shown = { ...endpoint, target: withoutCredentials(endpoint.target) };
  const error = await ask(endpoint, deps).catch(reasonOf);
  return error === null ? { ...shown, status: 'Healthy' } : { ...shown, status: 'Unhealthy', error };
}

/** Null when it answers, else what is wrong. */
async function ask({ type, target }: Endpoint, deps: EndpointDeps): Promise<string | null> {
  if (type === 'fetch') {
    const url = URL.parse(target);
    if (url === null) return 'The target is not a URL';
    if (hasCredentials(url)) return 'The target has a user name or password in it, which is not sent';
    const response = await deps.fetch(target, { signal: AbortSignal.timeout(PATIENCE) });
    await response.body?.cancel();
    return response.status === 200 ? null : `It answered with ${response.status}`;
  }
  if (type !== 'ping') return `There is no check of type ${type}; write fetch or ping`;
  if (!/^[\w.:][\w.:-]*$/.test(target)) return 'The target is not the name or address of a host';
  await (deps.ping ?? pingHost)(target);
  return null;
}

function pingHost(host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(PING, ['-c', '1', host], { timeout: PATIENCE }, (error) => {
      if (error === null) resolve();
      else if ('code' in error && error.code === 'ENOENT') reject(new Error('This machine has no ping'));
      else reject(new Error(`${host} does not answer`));
    });
  });
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  return messageOf(cause ?? error);
}

function withoutCredentials(target: string): string {
  const url = URL.parse(target);
  if (url === null || !hasCredentials(url)) return target;
  url.username = '';
  url.password = '';
  return url.href;
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}
