/** What every model behind a planner can do: text in, text out. No tools, no files, no stream. */
import { createHash } from 'node:crypto';

export interface Model {
  /** As `anthropic/claude-…`: the provider, then the model. */
  readonly name: string;
  /** Rejects with a `CodedError` of `PLANNER_ERRORS`, or with the reason of `signal` once that is aborted. */
  answer(request: ModelRequest, options: { readonly signal: AbortSignal }): Promise<ModelAnswer>;
}

export interface ModelRequest {
  readonly system: string;
  /** Begins and ends with one of the user. */
  readonly messages: readonly ModelMessage[];
  readonly maxOutputTokens: number;
}

export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface ModelAnswer {
  /** As it came, not parsed; empty when there is none. */
  readonly text: string;
  /** `tool`: it called a tool, though it has none. */
  readonly finish: 'stop' | 'length' | 'refused' | 'tool' | 'other';
  /** Input and output; null when the provider does not say. */
  readonly tokens: number | null;
}

/** What was asked as one text for the record: the canonical JSON of system text and messages. */
export function toPromptText({ system, messages }: ModelRequest): string {
  return JSON.stringify({ system, messages: messages.map(({ role, text }) => ({ role, text })) });
}

/** SHA-256 of a prompt text, hexadecimal. */
export function promptHash(promptText: string): string {
  return createHash('sha256').update(promptText).digest('hex');
}
