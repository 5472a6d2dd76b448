/** What plans, and what a model is asked for: `images.planner`. */
import type { ConfigPart } from './config-values.ts';
import type { BedrockCredentials } from './plan/models/bedrock.ts';
import type { ModelSettings, PlannerSettings } from './settings.ts';

const PROVIDERS = [
  'anthropic',
  'bedrock',
  'openai-compatible',
  'recorded',
] as const satisfies readonly ModelSettings['provider'][];

/** `toPath`: a path relative to the folder of the configuration, made absolute. */
export function parsePlanner(part: ConfigPart, toPath: (path: string) => string): PlannerSettings {
  return {
    afterEndOfLife: part.choice('afterEndOfLife', ['defer', 'patch']) ?? 'defer',
    asks: part.choice('asks', ['residue', 'always']) ?? 'residue',
    model: part.raw('model') === null ? null : parseModel(part.part('model'), toPath),
  };
}

/** Null when it is not whole: then the rules plan alone. */
function parseModel(part: ConfigPart, toPath: (path: string) => string): ModelSettings | null {
  if (part.raw('provider') === null) {
    part.complain('provider', 'is missing', `There are ${PROVIDERS.join(', ')}.`);
    return null;
  }
  const provider = part.choice('provider', PROVIDERS);
  switch (provider) {
    case null:
      return null;
    case 'anthropic': {
      const [model, apiKey] = [needed(part, 'model'), needed(part, 'apiKey')];
      const url = addressOf(part);
      return model === null || apiKey === null ? null : { provider, model, apiKey, url };
    }
    case 'bedrock': {
      const [model, region] = [needed(part, 'model'), needed(part, 'region')];
      const credentials = parseAws(part);
      const url = addressOf(part);
      if (model === null || region === null || credentials === null) return null;
      return { provider, model, region, credentials, url };
    }
    case 'openai-compatible': {
      const model = needed(part, 'model');
      const given = needed(part, 'url');
      const url = given === null ? null : addressOf(part);
      const name = part.text('name') ?? provider;
      return model === null || url === null
        ? null
        : { provider, name, model, url, apiKey: part.text('apiKey') };
    }
    case 'recorded': {
      const folder = needed(part, 'folder');
      return folder === null ? null : { provider, folder: toPath(folder) };
    }
    default:
      return provider satisfies never;
  }
}

function needed(part: ConfigPart, key: string): string | null {
  if (part.raw(key) === null) part.complain(key, 'is missing', 'No model is asked until it is there.');
  return part.text(key);
}

function addressOf(part: ConfigPart): string | null {
  const text = part.text('url');
  if (text === null || (URL.canParse(text) && /^https?:/i.test(text))) return text;
  part.complain('url', 'is no http or https URL');
  return null;
}

/** A key of Bedrock, or the keys of an account; nothing is read from the environment behind somebody's back. */
function parseAws(part: ConfigPart): BedrockCredentials | null {
  const apiKey = part.text('apiKey');
  if (apiKey !== null) return { apiKey };
  const [accessKeyId, secretAccessKey] = [part.text('accessKeyId'), part.text('secretAccessKey')];
  const sessionToken = part.text('sessionToken');
  if (accessKeyId === null || secretAccessKey === null) {
    part.complain(null, 'has no credentials', 'Give it an apiKey, or accessKeyId and secretAccessKey.');
    return null;
  }
  const given = { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) };
  return { provide: () => Promise.resolve(given) };
}
