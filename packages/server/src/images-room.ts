/** Opens the room of golden images: loaded only where the configuration has `images`, so that no other portal pays for it. */
import type { Access } from '@callboard/access';
import type { EntityProvider } from '@callboard/catalog';
import {
  messageOf,
  migrate,
  type Database,
  type Environment,
  type Jobs,
  type Log,
  type Metrics,
} from '@callboard/kernel';
import {
  createImages,
  createTools,
  imagesMigrations,
  imagesRoutes,
  type ImagesRoom,
} from '@callboard/images';
import type { ImagesSettings } from '@callboard/images/config';
import type { FastifyInstance } from 'fastify';
import { packageVersion } from './commands/version.ts';

export interface OpenedImages extends AsyncDisposable {
  readonly images: ImagesRoom;
  /** Brings the golden images, and what stands on them, into the catalog. */
  readonly provider: EntityProvider;
  /** Adds its routes. */
  mount(http: FastifyInstance, access: Access): void;
}

export interface OpenImagesDeps {
  readonly settings: ImagesSettings;
  readonly database: Database;
  readonly jobs: Jobs;
  /** Names this process in what is stored. */
  readonly owner: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly env: Environment;
}

export async function openImagesRoom(deps: OpenImagesDeps): Promise<OpenedImages> {
  const { settings, database, jobs, owner, log, metrics, env } = deps;
  await migrate(database, [imagesMigrations], Date.now);
  const clock = { now: Date.now, random: Math.random };
  const tools = createTools({ settings, env, fetch, ...clock });
  const builder = { id: 'urn:callboard:images', version: packageVersion() };
  const images = createImages({
    ...tools,
    database,
    jobs,
    log,
    metrics,
    builder,
    owner,
    settings,
    now: Date.now,
  });
  return {
    images,
    provider: createProvider(images, log),
    mount: (http, access) => mount(http, { images, access }),
    [Symbol.asyncDispose]: () => images[Symbol.asyncDispose](),
  };
}

function mount(http: FastifyInstance, { images, access }: { images: ImagesRoom; access: Access }): void {
  const whoOf = async (headers: { readonly authorization?: string | undefined }): Promise<string> => {
    const { principal } = await access.authenticate(headers, { plugin: 'images' });
    if (principal.type === 'user') return principal.userEntityRef;
    return principal.type === 'service' ? principal.subject : 'nobody';
  };
  access.openPath('/api/images/openapi.json');
  void http.register(async (scope) => imagesRoutes(scope, { images, whoOf }), { prefix: '/api/images' });
}

function createProvider(images: ImagesRoom, log: Log): EntityProvider {
  return {
    name: 'images',
    connect: async (connection) => {
      const bringIn = async (): Promise<void> => {
        const entities = (await images.entities()).map((entity) => ({ entity, locationKey: 'images' }));
        await connection.applyMutation({ type: 'full', entities });
      };
      images.watchEntities(() => {
        bringIn().catch((error: unknown) => {
          log.warn('the golden images could not be brought into the catalog', { error: messageOf(error) });
        });
      });
      await bringIn();
    },
  };
}
