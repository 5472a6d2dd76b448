/** Plain git servers, `integrations.git` of the configuration: hosts that have nothing but git, and the login for each. */
import type { ConfigSchema } from '@callboard/kernel';
import { isObject, type Diagnostic } from '@callboard/model';
import type { Forge } from '@callboard/plugin';

export const gitServersConfigSchema: ConfigSchema = {
  id: 'git-servers',
  schema: {
    type: 'object',
    properties: {
      integrations: {
        type: 'object',
        properties: {
          git: {
            type: 'array',
            description:
              'Git servers without an API: templates publish to them, and files are read from them by git.',
            items: {
              type: 'object',
              required: ['host'],
              properties: {
                host: { type: 'string', description: 'With the port when it has one.' },
                baseUrl: {
                  type: 'string',
                  description: 'Where remotes begin. Default: https:// and the host.',
                },
                username: { type: 'string', description: 'Default: git.' },
                token: { type: 'string', visibility: 'secret', description: 'Token, or password.' },
                password: { type: 'string', visibility: 'secret', description: 'The same as token.' },
              },
            },
          },
        },
      },
    },
  },
};

/** What is wrong is left out, with a diagnostic. */
export function parseGitServers(config: { getOptional(key: string): unknown }): {
  readonly servers: readonly Forge[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const list = config.getOptional('integrations.git') ?? [];
  if (!Array.isArray(list))
    return { servers: [], diagnostics: [wrong('integrations.git', 'has to be a list')] };
  const servers: Forge[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [index, value] of list.entries()) {
    const key = `integrations.git[${index}]`;
    const server = toServer(value);
    if (typeof server === 'string') diagnostics.push(wrong(key, server));
    else servers.push(server);
  }
  return { servers, diagnostics };
}

/** The server, or what is wrong with it. */
function toServer(value: unknown): Forge | string {
  if (!isObject(value)) return 'has to be an object';
  const { host, baseUrl, username, token, password } = value;
  if (typeof host !== 'string' || URL.parse(`https://${host}/`)?.host !== host) {
    return "needs a host such as 'git.example.com', in small letters, without scheme";
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
