/** The configuration of the portal: one file for all rooms, of which each reads its own keys. */
import { accessConfigSchema, parseAccessConfig } from '@callboard/access';
import { catalogConfigSchema, parseCatalogConfig } from '@callboard/catalog';
import { extensionsConfigSchema, parseExtensionsConfig } from '@callboard/extensions';
import { imagesConfigSchema, parseImagesConfig } from '@callboard/images/config';
import {
  backendConfigSchema,
  CodedError,
  loadConfig,
  messageOf,
  parseBackendConfig,
  parseReadingConfig,
  secretValues,
  type Config,
  type ConfigSchema,
  type Environment,
  type LoadedConfig,
  type ReadingConfig,
} from '@callboard/kernel';
import { parseScaffolderConfig, scaffolderConfigSchema } from '@callboard/scaffolder/config';
import type { Diagnostic } from '@callboard/model';
import { withPlaces } from './config-places.ts';
import { integrationsConfigSchema, parseGitServers } from './git-servers.ts';
import { devtoolsConfigSchema } from './devtools/config-schema.ts';
import { toForges } from './forges.ts';
import { parseWebConfig, webConfigSchema } from './web-config.ts';

/** Where the portal runs. */
export interface Surroundings {
  /** What relative paths of the configuration are relative to. */
  readonly cwd: string;
  readonly env: Environment;
}

export const CONFIG_SCHEMAS: readonly ConfigSchema[] = [
  backendConfigSchema,
  accessConfigSchema,
  catalogConfigSchema,
  devtoolsConfigSchema,
  integrationsConfigSchema,
  imagesConfigSchema,
  scaffolderConfigSchema,
  extensionsConfigSchema,
  webConfigSchema,
];

/** Loads and checks the configuration the portal would start with. */
export function loadPortalConfig({
  configFiles,
  cwd,
  env,
}: Surroundings & { readonly configFiles: readonly string[] }): Promise<LoadedConfig> {
  return loadConfig({ files: configFiles, cwd, env, schemas: CONFIG_SCHEMAS });
}

/** Everything that is wrong with a configuration, the rooms' own checks included. */
export function checkPortalConfig(loaded: LoadedConfig, surroundings: Surroundings): readonly Diagnostic[] {
  return parseRooms(loaded, surroundings).diagnostics;
}

/** Each room reads its own keys. */
export function parseRooms({ config, diagnostics, files }: LoadedConfig, { cwd, env }: Surroundings) {
  const backend = parseBackendConfig(config, { cwd });
  const catalog = parseCatalogConfig(config, { cwd });
  const development = isDevelopment(env, backend.settings.host);
  const access = parseAccessConfig(config, { development });
  const images = parseImagesConfig(config, { cwd });
  const scaffolder = parseScaffolderConfig(config, { cwd });
  const extensions = parseExtensionsConfig(config, { cwd, files });
  const git = parseGitServers(config, { cwd });
  const reading = readReadingConfig(config);
  const web = parseWebConfig(config, { cwd, schemas: CONFIG_SCHEMAS });
  return {
    reading,
    backend: backend.settings,
    catalog: catalog.settings,
    access: access.options,
    images: images.settings,
    scaffolder: scaffolder.settings,
    extensions: extensions.settings,
    forges: [...toForges(reading), ...git.servers],
    gitFolders: git.folders,
    web: web.settings,
    diagnostics: withPlaces(config, [
      ...diagnostics,
      ...[backend, catalog, access, images, scaffolder, extensions, git, reading, web].flatMap(
        (part) => part.diagnostics,
      ),
    ]),
  };
}

/** What is wrong with these keys closes all URLs, and is an error like any other of the configuration. */
function readReadingConfig(config: Config): ReadingConfig {
  try {
    return parseReadingConfig(config);
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'reading/config';
    const diagnostic: Diagnostic = { severity: 'error', code, summary: messageOf(error) };
    return { allow: [], integrations: [], diagnostics: [diagnostic] };
  }
}

/** The secrets of the configuration, collected anew when it changes. */
export function createSecretList(config: Config): () => readonly string[] {
  let secrets = secretValues(config, CONFIG_SCHEMAS);
  config.subscribe(() => {
    secrets = secretValues(config, CONFIG_SCHEMAS);
  });
  return () => secrets;
}

/** Guest sign-in is for one's own machine: asked for by NODE_ENV, or listening to nobody else. */
function isDevelopment(env: Environment, host: string): boolean {
  const { NODE_ENV } = env;
  if (NODE_ENV !== undefined && NODE_ENV !== '') return NODE_ENV === 'development';
  return host === '127.0.0.1' || host === 'localhost' || host === '::1';
}
