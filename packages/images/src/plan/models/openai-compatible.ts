/** Anything with OpenAI's chat completions: Ollama, vLLM, gateways. */
import { boundFetch, createAiModel, loadOptional, type Fetch } from './ai-model.ts';
import type { Model } from './model.ts';

export interface OpenAiCompatibleOptions {
  /** How it is called in records, as `ollama`. Default: `openai-compatible`. */
  readonly provider?: string;
  /** As `qwen3:32b`. */
  readonly model: string;
  /** Up to and with `/v1`, as `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  /** Null: none is sent. */
  readonly apiKey: string | null;
  /** Null: the server's own. Default: 0. */
  readonly temperature?: number | null;
  /** Send the JSON schema with the request; false for servers that only know JSON. Default: true. */
  readonly sendsSchema?: boolean;
  readonly fetch: Fetch;
}

/** Throws `images/planner-not-installed` without `ai` and `@ai-sdk/openai-compatible`. */
export async function createOpenAiCompatibleModel(options: OpenAiCompatibleOptions): Promise<Model> {
  const { createOpenAICompatible } = await loadOptional(
    '@ai-sdk/openai-compatible',
    () => import('@ai-sdk/openai-compatible'),
  );
  const { provider = 'openai-compatible', model, url, apiKey, temperature = 0, sendsSchema = true } = options;
  const create = createOpenAICompatible({
    name: provider,
    baseURL: url,
    supportsStructuredOutputs: sendsSchema,
    fetch: boundFetch(options.fetch),
    ...(apiKey !== null && { apiKey }),
  });
  return createAiModel({ name: `${provider}/${model}`, model: create(model), temperature });
}
