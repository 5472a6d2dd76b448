/** `scaffolderApiRef`: what fields ask the scaffolder, over the REST API of this portal. */
import { isObject, parseRef } from '@callboard/model';
import type { Client } from '../../api/client.ts';

const ROOT = '/api/scaffolder/v2';

export function createScaffolderService(client: Client): Readonly<Record<string, unknown>> {
  return {
    getTemplateParameterSchema(templateRef: string) {
      const ref = parseRef(templateRef, { kind: 'template' });
      if (ref === null) throw new TypeError(`“${templateRef}” is no reference to a template.`);
      const parts = [ref.namespace, ref.kind, ref.name].map((part) => encodeURIComponent(part));
      return client({ path: `${ROOT}/templates/${parts.join('/')}/parameter-schema` });
    },
    async scaffold(body: unknown) {
      const answer = await client({ path: `${ROOT}/tasks`, body });
      return { taskId: isObject(answer) ? answer['id'] : undefined };
    },
    dryRun: (body: unknown) => client({ path: `${ROOT}/dry-run`, body }),
    getTask: (id: string) => client({ path: `${ROOT}/tasks/${encodeURIComponent(id)}` }),
    cancelTask: (id: string) => client({ path: `${ROOT}/tasks/${encodeURIComponent(id)}/cancel`, body: {} }),
    listTasks: ({ filterByOwnership }: { readonly filterByOwnership?: string } = {}) =>
      client({ path: `${ROOT}/tasks${filterByOwnership === 'owned' ? '?own=true' : ''}` }),
    listActions: () => client({ path: `${ROOT}/actions` }),
    listTemplatingExtensions: () => client({ path: `${ROOT}/templating-extensions` }),
    getIntegrationsList({ allowedHosts = [] }: { readonly allowedHosts?: readonly string[] } = {}) {
      // The server's list of forges is not open to browsers; a template that allows hosts names them.
      const integrations = allowedHosts.map((host) => ({ type: forgeOf(host), title: host, host }));
      return Promise.resolve({ integrations });
    },
    autocomplete({ provider, resource, token, context }: Readonly<Record<string, unknown>>) {
      const parts = [provider, resource].map((part) => encodeURIComponent(String(part)));
      return client({ path: `${ROOT}/autocomplete/${parts.join('/')}`, body: { token, context } });
    },
  };
}

function forgeOf(host: string): string {
  const known = ['github', 'gitlab', 'bitbucket', 'gitea', 'gerrit'].find((name) => host.includes(name));
  return known ?? (host.includes('azure') ? 'azure' : 'git');
}
