/** Resolves a form once, or until it is settled: everything its sources have to be asked is asked. */
import type {
  Answered,
  AskSource,
  FieldId,
  FormGraph,
  FormUser,
  Resolution,
  ResolveRequest,
  SourceNeed,
} from '../graph.ts';
import type { JsonObject } from '@callboard/model';
import { loadExpressions } from '../expression/language.ts';
import { createResolver } from './resolver.ts';

const NO_FIELDS: ReadonlyMap<FieldId, never> = new Map<FieldId, never>();

/** A function of the request. A graph in which nothing depends on anything is what was entered. */
export async function resolveForm(request: ResolveRequest): Promise<Resolution> {
  if (!request.graph.isDynamic) return asEntered(request.entered);
  const { resolution } = await createResolver(request.graph, await loadExpressions()).resolve(request);
  return resolution;
}

export function asEntered(entered: JsonObject): Resolution {
  return { values: entered, fields: NO_FIELDS, needs: [] };
}

export interface SettleRequest {
  readonly graph: FormGraph;
  readonly entered: JsonObject;
  readonly user: FormUser;
  readonly ask: AskSource;
  readonly signal: AbortSignal;
  /** What is known already. Default: nothing. */
  readonly answers?: ReadonlyMap<string, Answered>;
}

export interface Settled {
  /** Without needs. */
  readonly resolution: Resolution;
  readonly answers: ReadonlyMap<string, Answered>;
}

/** Needs that are on the way at the same time. */
const AT_ONCE = 8;

/**
 * Asks every need once; what a source rejects with is an answer that failed. Rejects only when the signal aborts, with its
 * reason.
 */
export async function settleForm({
  graph,
  entered,
  user,
  ask,
  signal,
  answers: known,
}: SettleRequest): Promise<Settled> {
  const answers = new Map(known);
  signal.throwIfAborted();
  if (!graph.isDynamic) return { resolution: asEntered(entered), answers };
  const resolver = createResolver(graph, await loadExpressions());
  let { resolution } = await resolver.resolve({ entered, user, answers });
  let roundsLeft = mostRounds(graph, resolution);
  while (resolution.needs.length > 0) {
    if (roundsLeft === 0) refuse(resolution.needs, answers);
    else await askAll(resolution.needs, { ask, signal, answers });
    roundsLeft = Math.max(0, roundsLeft - 1);
    ({ resolution } = await resolver.resolve({ entered, user, answers }));
  }
  return { resolution, answers };
}

/** Each round settles at least one field, whose options may take one answer more when a list was cut, and its check another. */
function mostRounds({ fields }: FormGraph, { fields: places }: Resolution): number {
  return 3 * (fields.length + places.size) + 1;
}

/** More rounds than there are things to ask: a source whose answers never fit what was asked. */
function refuse(needs: readonly SourceNeed[], answers: Map<string, Answered>): void {
  for (const { key } of needs)
    answers.set(key, { status: 'failed', message: 'the form asks on without an end' });
}

interface Asking {
  readonly ask: AskSource;
  readonly signal: AbortSignal;
  readonly answers: Map<string, Answered>;
}

async function askAll(needs: readonly SourceNeed[], { ask, signal, answers }: Asking): Promise<void> {
  const left = needs.values();
  const work = async (): Promise<void> => {
    for (const need of left) {
      signal.throwIfAborted();
      answers.set(need.key, await answerTo(need, ask, signal));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, needs.length) }, work));
  signal.throwIfAborted();
}

export async function answerTo(need: SourceNeed, ask: AskSource, signal: AbortSignal): Promise<Answered> {
  try {
    return { status: 'ready', answer: await ask(need, { signal }) };
  } catch (thrown) {
    return { status: 'failed', message: thrown instanceof Error ? thrown.message : 'the source failed' };
  }
}
