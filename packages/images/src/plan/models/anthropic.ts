/** Claude at Anthropic's own API (Messages). */
import { boundFetch, createAiModel, loadOptional, type Fetch } from './ai-model.ts';
import type { Model } from './model.ts';

export interface AnthropicOptions {
  /** As `claude-sonnet-4-5`. */
  readonly model: string;
  readonly apiKey: string;
  /** Default: `https://api.anthropic.com/v1`. */
  readonly url?: string;
  readonly fetch: Fetch;
}

/** Throws `images/planner-not-installed` without `ai` and `@ai-sdk/anthropic`. */
export async function createAnthropicModel({ model, apiKey, url, fetch }: AnthropicOptions): Promise<Model> {
  const { createAnthropic } = await loadOptional('@ai-sdk/anthropic', () => import('@ai-sdk/anthropic'));
  // The address is always given: without one the package reads it from the environment.
  const baseURL = url ?? 'https://api.anthropic.com/v1';
  const provider = createAnthropic({ apiKey, baseURL, fetch: boundFetch(fetch) });
  return createAiModel({ name: `anthropic/${model}`, model: provider(model), temperature: null });
}
