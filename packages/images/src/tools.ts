/** What the room works with, made as the settings say: registries, a scanner, an engine, a planner. */
import { CodedError } from '@callboard/kernel';
import { createBuildahEngine } from './build/buildah-engine.ts';
import { createDockerEngine } from './build/docker-engine.ts';
import type { BuildEngine } from './build/engine.ts';
import { createNodeEngine } from './build/node-engine.ts';
import { createCredentials, dockerConfigFile } from './image/docker-config.ts';
import { isLoopbackRegistry } from './image/registry-address.ts';
import type { FindCredentials } from './image/registry-auth.ts';
import type { RegistryClient } from './image/registry-client.ts';
import { createRegistryClient } from './image/registry.ts';
import { createAnthropicModel } from './plan/models/anthropic.ts';
import { createBedrockModel } from './plan/models/bedrock.ts';
import { createBudget } from './plan/models/budget.ts';
import { createModelPlanner } from './plan/models/model-planner.ts';
import type { Model } from './plan/models/model.ts';
import { createOpenAiCompatibleModel } from './plan/models/openai-compatible.ts';
import { createRecordings, replayModel } from './plan/models/recorded.ts';
import type { Planner } from './plan/plan.ts';
import { createPlanner } from './plan/planner.ts';
import { withSecondOpinion } from './plan/second-opinion.ts';
import { createGrype } from './prove/grype.ts';
import { createTrivy, type ImageScanner, type ScannerOptions } from './prove/scan.ts';
import type { ImagesSettings, ModelSettings, PlannerSettings, ScannerSettings } from './settings.ts';

export interface ToolsDeps {
  readonly settings: Pick<ImagesSettings, 'registries' | 'scanner' | 'engine' | 'planner'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface Tools {
  readonly client: RegistryClient;
  readonly scanner: ImageScanner;
  /** @throws CodedError `images/no-engine` */
  readonly engine: () => Promise<BuildEngine>;
  /** Models are loaded when they are first asked for; @throws CodedError `images/planner-not-installed` */
  readonly planner: (log: (line: string) => void) => Promise<Planner>;
}

export function createTools({ settings, env, fetch, now, random }: ToolsDeps): Tools {
  const file = dockerConfigFile(env);
  const credentials = createCredentials({
    registries: settings.registries,
    dockerConfig: file === null ? null : { file, env, now },
  });
  const plain = new Set(settings.registries.filter((one) => one.insecure).map(({ host }) => host));
  const insecure = (registry: string): boolean => plain.has(registry) || isLoopbackRegistry(registry);
  const client = createRegistryClient({ fetch, credentials, insecure, now, random });
  return {
    client,
    scanner: createScanner(settings.scanner, { env, credentials, insecure }),
    engine: createEngineChoice(client, settings.engine),
    planner: createPlannerChoice(settings.planner, { fetch, now }),
  };
}

interface ScannerDeps {
  readonly env: ToolsDeps['env'];
  readonly credentials: FindCredentials;
  readonly insecure: (registry: string) => boolean;
}

/** What a scanner may see of our environment: how to get out, and where its own things are. */
const PASSED = ['PATH', 'HOME', 'DOCKER_CONFIG', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE'];

/** The credentials of a registry go along with the scans of its images alone. */
function createScanner(
  { kind, program, cacheDir }: ScannerSettings,
  { env, credentials, insecure }: ScannerDeps,
): ImageScanner {
  const passed: Record<string, string> = {};
  for (const name of PASSED) {
    const value = env[name] ?? env[name.toLowerCase()];
    if (value !== undefined) passed[name] = value;
  }
  const make = (options: ScannerOptions): ImageScanner =>
    kind === 'grype' ? createGrype(options) : createTrivy(options);
  const options = { program, insecure, ...(cacheDir !== null && { cacheDir }) };
  return {
    name: kind,
    scan: async (image, call) => {
      const login = await credentials(image.registry);
      const known = login?.kind === 'password' ? loginOf(kind, { registry: image.registry, ...login }) : {};
      return make({ ...options, env: { ...passed, ...known } }).scan(image, call);
    },
  };
}

function loginOf(
  kind: ScannerSettings['kind'],
  login: { readonly registry: string; readonly username: string; readonly password: string },
): Readonly<Record<string, string>> {
  const { registry, username, password } = login;
  if (kind === 'trivy') return { TRIVY_USERNAME: username, TRIVY_PASSWORD: password };
  return {
    GRYPE_REGISTRY_AUTH_AUTHORITY: registry,
    GRYPE_REGISTRY_AUTH_USERNAME: username,
    GRYPE_REGISTRY_AUTH_PASSWORD: password,
  };
}

/** The wanted one, or the first that can be used here; looked for until one is found. */
function createEngineChoice(client: RegistryClient, wanted: string | null): () => Promise<BuildEngine> {
  const engines = [createNodeEngine(client), createBuildahEngine(client), createDockerEngine(client)];
  let found: BuildEngine | null = null;
  return async () => {
    if (found !== null) return found;
    const why: string[] = [];
    for (const engine of engines.filter(({ name }) => wanted === null || name === wanted)) {
      const reason = await engine.unavailable();
      if (reason !== null) why.push(`${engine.name}: ${reason}`);
      else found ??= engine;
      if (found !== null) return found;
    }
    throw new CodedError(501, 'images/no-engine', `No engine can build here. ${why.join('; ')}`);
  };
}

function createPlannerChoice(
  { afterEndOfLife, model: settings, asks }: PlannerSettings,
  { fetch, now }: Pick<ToolsDeps, 'fetch' | 'now'>,
): Tools['planner'] {
  const rules = createPlanner({ afterEndOfLife });
  // One budget for all plans of this process.
  const budget = createBudget({ now });
  let loaded: Promise<Model> | null = null;
  return async (log) => {
    if (settings === null) return rules;
    loaded ??= createModel(settings, fetch);
    try {
      const model = createModelPlanner({ model: await loaded, budget, isOn: () => true });
      return withSecondOpinion({ rules, model, asks, log });
    } catch (error) {
      loaded = null;
      throw error;
    }
  };
}

async function createModel(settings: ModelSettings, fetch: typeof globalThis.fetch): Promise<Model> {
  switch (settings.provider) {
    case 'anthropic': {
      const { model, apiKey, url } = settings;
      return createAnthropicModel({ model, apiKey, fetch, ...(url !== null && { url }) });
    }
    case 'bedrock': {
      const { model, region, credentials, url } = settings;
      return createBedrockModel({ model, region, credentials, fetch, ...(url !== null && { url }) });
    }
    case 'openai-compatible': {
      const { name, model, url, apiKey } = settings;
      return createOpenAiCompatibleModel({ provider: name, model, url, apiKey, fetch });
    }
    case 'recorded':
      return replayModel('recorded', createRecordings(settings.folder));
    default:
      return settings satisfies never;
  }
}
