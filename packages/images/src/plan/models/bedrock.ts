/** Models of AWS Bedrock (Converse). */
import { boundFetch, createAiModel, loadOptional, type Fetch } from './ai-model.ts';
import type { Model } from './model.ts';

/** A Bedrock API key, or what gives (temporary) credentials of AWS before each request. */
export type BedrockCredentials =
  | { readonly apiKey: string }
  | { readonly provide: () => Promise<AwsCredentials> };

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface BedrockOptions {
  /** A model or an inference profile, as `eu.anthropic.claude-sonnet-4-5-20250929-v1:0`. */
  readonly model: string;
  /** As `eu-central-1`. */
  readonly region: string;
  readonly credentials: BedrockCredentials;
  /** Of the runtime, as that of a VPC endpoint. Default: that of the region. */
  readonly url?: string;
  readonly fetch: Fetch;
}

/** Throws `images/planner-not-installed` without `ai` and `@ai-sdk/amazon-bedrock`. */
export async function createBedrockModel(options: BedrockOptions): Promise<Model> {
  const { createAmazonBedrock } = await loadOptional(
    '@ai-sdk/amazon-bedrock',
    () => import('@ai-sdk/amazon-bedrock'),
  );
  const { model, region, credentials, url, fetch } = options;
  const provider = createAmazonBedrock({
    region,
    fetch: boundFetch(fetch),
    ...(url !== undefined && { baseURL: url }),
    ...('apiKey' in credentials
      ? { apiKey: credentials.apiKey }
      : { credentialProvider: () => credentials.provide().then((given) => ({ ...given })) }),
  });
  return createAiModel({ name: `bedrock/${model}`, model: provider(model), temperature: null });
}
