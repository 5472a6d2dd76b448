/** Connects the room of extensions with the rest of the portal. */
import { dirname, join } from 'node:path';
import type { Access } from '@callboard/access';
import { createExtensions, extensionsRoutes, type ExtensionsSettings } from '@callboard/extensions';
import type { BackendSettings, Log } from '@callboard/kernel';
import type { FastifyInstance } from 'fastify';

export interface ExtensionsRoomDeps {
  readonly settings: ExtensionsSettings;
  readonly backend: Pick<BackendSettings, 'database'>;
  readonly access: Access;
  readonly log: Log;
  /** What a database in memory has its files beside. */
  readonly cwd: string;
  /** Absolute paths of the files that plugins bring for the browser; asked once, when somebody first needs extensions. */
  readonly browserFiles: () => Promise<readonly string[]>;
}

export interface ExtensionsRoom extends AsyncDisposable {
  /** Adds its routes. */
  mount(http: FastifyInstance): void;
  /** Of the fields that extensions register; waits for what is being compiled. */
  fieldNames(): Promise<readonly string[]>;
}

export function openExtensionsRoom(deps: ExtensionsRoomDeps): ExtensionsRoom {
  const { settings, backend, access, log, cwd, browserFiles } = deps;
  const { file } = backend.database;
  const beside = file === ':memory:' ? cwd : dirname(file);
  const extensions = createExtensions({
    folder: settings.folder,
    files: browserFiles,
    cacheFolder: join(beside, 'extensions-cache'),
    log,
  });
  return {
    mount: (http) => {
      access.openPath('/api/extensions/openapi.json');
      // The import of a browser sends no token; a module is asked for by the hash of its content.
      access.openPath('/api/extensions/v1/modules');
      const routes = { extensions, folder: settings.folderName };
      void http.register(async (scope) => extensionsRoutes(scope, routes), { prefix: '/api/extensions' });
    },
    fieldNames: async () => (await extensions.list()).extensions.flatMap(({ names }) => names),
    [Symbol.asyncDispose]: () => extensions[Symbol.asyncDispose](),
  };
}
