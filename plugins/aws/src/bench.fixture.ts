/** The plugin as the portal uses it: a configuration goes in, lists for a person come out. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { ActionLogger, OptionsProvider, OptionsUser } from '@callboard/plugin';
import { LIMITS, type Limits } from './call.ts';
import { INSTANCE, LOGIN, type FakeAws } from './aws.fixture.ts';
import { parseAwsConfig } from './config.ts';
import { createDirectory } from './directory.ts';
import { createProviders } from './providers.ts';

export const ANNA: OptionsUser = {
  ref: 'user:default/anna',
  groups: ['user:default/anna', 'group:default/platform'],
};
export const EVA: OptionsUser = {
  ref: 'user:default/eva',
  groups: ['user:default/eva', 'group:default/booking'],
};

export interface Bench {
  /** What `aws:<list>` gives. Default: for Anna, with no input. */
  readonly list: (
    list: string,
    asked?: { readonly input?: JsonObject; readonly user?: OptionsUser; readonly signal?: AbortSignal },
  ) => Promise<readonly JsonValue[]>;
  /** Lines of the log, with their fields. */
  readonly said: string[];
  /** Lets time go by, in milliseconds. */
  readonly pass: (milliseconds: number) => void;
}

/** Requests that fail fast; attempts wait as long as the SDK likes. */
const HASTY: Partial<Limits> = { request: 2_000, attempts: 2 };

export function benchOf(aws: JsonValue, limits: Partial<Limits> = {}): Bench {
  const said: string[] = [];
  let time = 0;
  const config = parseAwsConfig(aws);
  const directory = createDirectory(config, {
    logger: loggerTo(said),
    limits: { ...LIMITS, ...HASTY, ...limits },
    now: () => time,
  });
  const providers: Readonly<Record<string, OptionsProvider>> = createProviders(directory, config);
  return {
    list: async (list, { input = {}, user = ANNA, signal = new AbortController().signal } = {}) => {
      const provider = providers[`aws:${list}`];
      if (provider === undefined) throw new Error(`there is no aws:${list}`);
      return provider({ input, user, signal });
    },
    said,
    pass: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** Everything from AWS. */
export function configFor({ url }: FakeAws, more: JsonObject = {}): JsonObject {
  return {
    organizations: { endpoint: url, ...LOGIN },
    identityCenter: { endpoint: url, instanceArn: INSTANCE, region: 'eu-central-1' },
    accountApi: { endpoint: url },
    ...more,
  };
}

function loggerTo(said: string[]): ActionLogger {
  const line = (message: string, fields?: object): void => {
    said.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  return { debug: line, info: line, warn: line, error: line, child: () => loggerTo(said) };
}
