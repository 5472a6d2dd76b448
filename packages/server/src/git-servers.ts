/**
 * Plain git servers, `integrations.git` of the configuration: hosts that have nothing but git, and the login for each.
 * The forges beside them are read by the kernel; here it is said which of their keys pages may see.
 */
import { resolve } from 'node:path';
import type { ConfigSchema } from '@callboard/kernel';
import { isObject, type Diagnostic, type JsonObject } from '@callboard/model';
import type { Forge } from '@callboard/plugin';

const text = (description: string) => ({ type: 'string', description }) as const;
const hidden = (description: string) => ({ ...text(description), visibility: 'secret' }) as const;
/** Pages offer the hosts where a repository is asked for. */
const shownHost = { ...text('With the port when it has one.'), visibility: 'frontend' } as const;

const forge = (name: string): JsonObject => ({
  type: 'array',
  description: `Hosts of ${name}, as Backstage has them.`,
  items: { type: 'object', properties: { host: shownHost } },
});

const gitServer: JsonObject = {
  type: 'object',
  required: ['host'],
  properties: {
    host: shownHost,
    baseUrl: text('Where remotes begin. Default: https:// and the host.'),
    username: text('Default: git.'),
    token: hidden('Token, or password.'),
    password: hidden('The same as token.'),
    folder: text(
      'In place of a server: a folder of this machine, whose repositories are file://<host>/<path>.git.',
    ),
  },
};

export const integrationsConfigSchema: ConfigSchema = {
  id: 'integrations',
  schema: {
    type: 'object',
    properties: {
      integrations: {
        type: 'object',
        properties: {
          github: forge('GitHub'),
          gitlab: forge('GitLab'),
          bitbucketCloud: forge('Bitbucket Cloud'),
          bitbucketServer: forge('Bitbucket Server'),
          azure: forge('Azure DevOps'),
          gitea: forge('Gitea'),
          gerrit: forge('Gerrit'),
          git: {
            type: 'array',
            description:
              'Servers with nothing but git: templates publish to them, and files are read by git.',
            items: gitServer,
          },
        },
      },
    },
  },
};

/** What is wrong is left out, with a diagnostic. */
export function parseGitServers(
  config: { getOptional(key: string): unknown },
  { cwd }: { readonly cwd: string },
): {
  readonly servers: readonly Forge[];
  /** Of those that are folders, absolute, by host. */
  readonly folders: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const list = config.getOptional('integrations.git') ?? [];
  if (!Array.isArray(list))
    return { servers: [], folders: {}, diagnostics: [wrong('integrations.git', 'has to be a list')] };
  const servers: Forge[] = [];
  const folders: Record<string, string> = {};
  const diagnostics: Diagnostic[] = [];
  for (const [index, value] of list.entries()) {
    const key = `integrations.git[${index}]`;
    const server = toServer(value);
    if (typeof server === 'string') diagnostics.push(wrong(key, server));
    else servers.push(server);
    const folder: unknown = isObject(value) ? value['folder'] : undefined;
    if (typeof server !== 'string' && typeof folder === 'string') folders[server.host] = resolve(cwd, folder);
  }
  return { servers, folders, diagnostics };
}

/** The server, or what is wrong with it. */
function toServer(value: unknown): Forge | string {
  if (!isObject(value)) return 'has to be an object';
  const { host, baseUrl, username, token, password, folder } = value;
  if (typeof host !== 'string' || URL.parse(`https://${host}/`)?.host !== host) {
    return "needs a host such as 'git.example.com', in small letters, without scheme";
  }
  if (typeof folder === 'string') {
    const local = `file://${host}`;
    return { type: 'git', host, baseUrl: local, apiBaseUrl: local, token: null };
  }
  const root = URL.parse(typeof baseUrl === 'string' ? baseUrl : `https://${host}`);
  if (root === null || !/^https?:$/.test(root.protocol)) return 'has a baseUrl that is no http or https URL';
  const secret = token ?? password ?? null;
  if (secret !== null && typeof secret !== 'string') return 'has a token that is no text';
  return {
    type: 'git',
    host,
    baseUrl: root.href.replace(/\/+$/, ''),
    apiBaseUrl: root.href.replace(/\/+$/, ''),
    token: secret,
    ...(typeof username === 'string' && { username }),
  };
}

function wrong(path: string, problem: string): Diagnostic {
  return {
    severity: 'error',
    code: 'server/git-server',
    summary: `The configuration value ${path} ${problem}`,
    path,
  };
}
