/**
 * A model of the `ai` package as ours: one call without tools, streams or retries of its own, its failures named.
 * `ai` and its providers are optional: they are loaded when a model is configured, and never otherwise.
 */
import { isObject } from '@callboard/model';
import type { generateText, LanguageModel } from 'ai';
import { plannerError, type PlannerErrorCode } from './errors.ts';
import type { Model, ModelAnswer, ModelRequest } from './model.ts';
import { PROPOSAL_SCHEMA } from './schema.ts';

/** `fetch`, handed down; every request of a provider goes through it. */
export type Fetch = typeof globalThis.fetch;

/** Bytes of an HTTP answer; a longer one is broken off. */
const ANSWER_BYTES = 1024 * 1024;

interface AiModelOptions {
  readonly name: string;
  readonly model: LanguageModel;
  /** Null: the provider's own. */
  readonly temperature: number | null;
}

type Finish = Awaited<ReturnType<typeof generateText>>['finishReason'];

/** Throws `images/planner-not-installed` when there is no `ai` package. */
export async function createAiModel({ name, model, temperature }: AiModelOptions): Promise<Model> {
  const ai = await loadOptional('ai', () => import('ai'));
  const output = ai.Output.object({ schema: ai.jsonSchema(PROPOSAL_SCHEMA), name: 'plan' });

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    try {
      const result = await ai.generateText({
        model,
        instructions: request.system,
        messages: request.messages.map(({ role, text }) => ({ role, content: text })),
        output,
        maxOutputTokens: request.maxOutputTokens,
        maxRetries: 0,
        abortSignal: signal,
        ...(temperature !== null && { temperature }),
      });
      // The text, not `result.output`: our own parser has to see what the model wrote.
      const tokens = result.usage.totalTokens ?? null;
      return { text: result.text, finish: toFinish(result.finishReason), tokens };
    } catch (error) {
      // Text that is not JSON is an answer too; the planner judges it.
      if (!ai.NoObjectGeneratedError.isInstance(error)) throw error;
      const tokens = error.usage?.totalTokens ?? null;
      return { text: error.text ?? '', finish: toFinish(error.finishReason ?? 'other'), tokens };
    }
  }

  return {
    name,
    answer: async (request, { signal }) => {
      try {
        return await ask(request, signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw toPlannerError(name, error);
      }
    },
  };
}

/** Loads an optional package, or throws `images/planner-not-installed` with what to install. */
export async function loadOptional<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message = `The planner that is configured needs the package ${name}, which cannot be loaded; install it (npm install ${name}) or configure another planner.`;
    throw plannerError('images/planner-not-installed', message, { cause });
  }
}

/** A fetch that follows no redirects, so that a key goes nowhere else, and breaks off answers above 1 MiB. */
export function boundFetch(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'error' });
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(limitBytes(ANSWER_BYTES)), { status, statusText, headers });
  };
}

function limitBytes(limit: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      if (bytes > limit) throw new RangeError(`The answer has more than ${limit} bytes.`);
      controller.enqueue(chunk);
    },
  });
}

function toFinish(reason: Finish): ModelAnswer['finish'] {
  switch (reason) {
    case 'stop':
    case 'length':
      return reason;
    case 'content-filter':
      return 'refused';
    case 'tool-calls':
      return 'tool';
    default:
      return 'other';
  }
}

/** The answer's body stays out of the message: providers repeat parts of the key in it. */
function toPlannerError(name: string, cause: unknown): Error {
  const status = isObject(cause) && typeof cause['statusCode'] === 'number' ? cause['statusCode'] : null;
  const code = codeOf(status);
  const what = status === null ? 'cannot be reached, or broke off' : `answered with HTTP status ${status}`;
  return plannerError(code, `The model ${name} ${what}.`, { cause });
}

function codeOf(status: number | null): PlannerErrorCode {
  if (status === 429 || status === 529) return 'images/planner-throttled';
  if (status === 408) return 'images/planner-unavailable';
  if (status !== null && status >= 400 && status < 500) return 'images/planner-misconfigured';
  return 'images/planner-unavailable';
}
