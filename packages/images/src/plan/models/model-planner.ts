/**
 * A model as a planner: facts → prompt → answer → proposal. An answer that is no proposal, or that the gate refuses, is
 * sent back with the rules it breaks, a few times; then the planner says so and somebody else has to plan.
 */
import type { Planner, PlanFacts, PlanningOptions, Proposal, ProposedPlan } from '../plan.ts';
import type { PlannerBudget } from './budget.ts';
import { plannerError } from './errors.ts';
import { promptHash, toPromptText, type Model, type ModelAnswer, type ModelRequest } from './model.ts';
import { toPrompt, toRequest } from './prompt.ts';
import { parseProposalText } from './proposal.ts';
import { toVisibleText } from './text.ts';

export interface ModelPlannerDeps {
  readonly model: Model;
  readonly budget: PlannerBudget;
  /** The kill switch, asked before each call: false, and no model is asked. */
  readonly isOn: () => boolean;
}

export interface ModelPlannerOptions {
  /** Calls for one plan, at most. Default: 3. */
  readonly attempts?: number;
  /** Milliseconds of one call. Default: 60,000. */
  readonly timeout?: number;
  /** Default: 8,192. */
  readonly maxOutputTokens?: number;
}

/** Sentences about a refused answer, and characters of a refused answer, that go back to the model. */
const FEEDBACK = { sentences: 20, sentence: 200, answer: 16 * 1024 } as const;

/**
 * Rejects with a `CodedError` of `PLANNER_ERRORS`. A proposal that `review` still refuses at the last attempt is given
 * back as it is: the gate refuses it, and keeps it with the reasons. Failures of the provider are not tried again here;
 * the job that wants the plan comes back.
 */
export function createModelPlanner(deps: ModelPlannerDeps, options: ModelPlannerOptions = {}): Planner {
  const { model } = deps;
  const { attempts = 3, maxOutputTokens = 8192 } = options;

  async function proposePlan(facts: PlanFacts, { signal, review }: PlanningOptions): Promise<ProposedPlan> {
    let request = toRequest(toPrompt(facts), maxOutputTokens);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await askOnce(deps, { request, signal, timeout: options.timeout ?? 60_000 });
      const { proposal, complaints } = judge(answer, (candidate) => review?.(candidate) ?? []);
      if (proposal !== null && (complaints.length === 0 || attempt >= attempts)) {
        const prompt = toPromptText(request);
        const planner = { kind: 'model', name: model.name, promptHash: promptHash(prompt) } as const;
        return { proposal, planner, exchange: { prompt, answer: answer.text } };
      }
      if (attempt >= attempts) {
        const message = `The model ${model.name} gave no proposal in ${attempts} attempts: ${complaints[0] ?? ''}`;
        throw plannerError('images/planner-nonsense', message);
      }
      request = withFeedback(request, { answer, complaints });
    }
  }

  return { name: model.name, proposePlan };
}

interface Call {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  readonly timeout: number;
}

async function askOnce(
  { model, budget, isOn }: ModelPlannerDeps,
  { request, signal, timeout }: Call,
): Promise<ModelAnswer> {
  signal.throwIfAborted();
  if (!isOn()) throw plannerError('images/planner-off', `The kill switch is on: ${model.name} is not asked.`);
  const asked = estimateTokens(toPromptText(request));
  const settle = budget.book(asked + request.maxOutputTokens);
  const timer = AbortSignal.timeout(timeout);
  try {
    const answer = await model.answer(request, { signal: AbortSignal.any([signal, timer]) });
    settle(answer.tokens ?? asked + estimateTokens(answer.text));
    if (answer.finish !== 'refused') return answer;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (timer.aborted) {
      const message = `The model ${model.name} did not answer within ${timeout} ms.`;
      throw plannerError('images/planner-timeout', message, { cause: error });
    }
    throw error;
  }
  throw plannerError('images/planner-refused', `The model ${model.name} declined to make a plan.`);
}

function judge(
  { text, finish }: ModelAnswer,
  review: (proposal: Proposal) => readonly string[],
): { readonly proposal: Proposal | null; readonly complaints: readonly string[] } {
  if (finish === 'tool')
    return { proposal: null, complaints: ['There are no tools: answer with the JSON object.'] };
  if (finish === 'length') return { proposal: null, complaints: ['The answer was cut off: it is too long.'] };
  const { proposal, problems } = parseProposalText(text);
  if (proposal !== null && problems.length === 0) return { proposal, complaints: review(proposal) };
  return {
    proposal: null,
    complaints: problems.map(({ path, text: sentence }) => (path === '' ? sentence : `${path}: ${sentence}`)),
  };
}

/** The next request: the first one, the last answer, and what is wrong with it. */
function withFeedback(
  request: ModelRequest,
  { answer, complaints }: { readonly answer: ModelAnswer; readonly complaints: readonly string[] },
): ModelRequest {
  const said = answer.text === '' ? '(nothing)' : answer.text.slice(0, FEEDBACK.answer);
  const told = complaints
    .slice(0, FEEDBACK.sentences)
    .map((text) => `- ${toVisibleText(text, FEEDBACK.sentence)}`);
  const text = `That answer is refused:\n${told.join('\n')}\nAnswer again with the whole JSON object and nothing else.`;
  const messages = [
    ...request.messages.slice(0, 1),
    { role: 'assistant', text: said },
    { role: 'user', text },
  ] as const;
  return { ...request, messages };
}

/** About 3 characters a token: JSON of versions and digits takes more tokens than prose. */
function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3);
}
