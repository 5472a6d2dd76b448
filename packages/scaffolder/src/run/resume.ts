/** Where a run begins: which steps of its state count, and what they put out. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { TaskSpec, TaskStep } from '../template/template.ts';
import { isJsonObject } from './active-run.ts';
import type { Mask } from './mask.ts';
import type { RunState, StepState } from './run.ts';

export interface Settled {
  readonly step: TaskStep;
  readonly state: StepState;
}

export interface Beginning {
  /** Steps that are not run again, in order, with their outputs as they were. */
  readonly settled: readonly Settled[];
  readonly checkpoints: Readonly<Record<string, JsonValue>>;
  /** A step that was completed but is run again, as its output holds a secret that is not known any more. */
  readonly lost: TaskStep | null;
}

/**
 * Steps count in their order, up to the first that is not settled; everything after it is run anew. Completed and skipped
 * steps are settled. One that failed is settled only while `failure` is there: the run broke off after it, among the steps
 * that clean up. Without `failure` it is tried again.
 */
export function beginningOf(spec: TaskSpec, state: RunState, mask: Mask): Beginning {
  const settled: Settled[] = [];
  const checkpoints = revealEach(state.checkpoints, mask);
  for (const step of spec.steps) {
    const known = Object.hasOwn(state.steps, step.id) ? state.steps[step.id] : undefined;
    if (known === undefined || !isSettled(known, state.failure !== null)) break;
    const output = mask.reveal(known.output);
    if (output === null) return { settled, checkpoints, lost: step };
    settled.push({ step, state: { ...known, output: isJsonObject(output.value) ? output.value : {} } });
  }
  return { settled, checkpoints, lost: null };
}

function isSettled({ status }: StepState, afterFailure: boolean): boolean {
  return status === 'completed' || status === 'skipped' || (status === 'failed' && afterFailure);
}

/** Checkpoints that cannot be revealed are not there: what they stand for is done again. */
function revealEach(
  checkpoints: RunState['checkpoints'],
  mask: Mask,
): JsonObject & Record<string, JsonValue> {
  const entries = Object.entries(checkpoints).flatMap(([key, value]) => {
    const revealed = mask.reveal(value);
    return revealed === null ? [] : [[key, revealed.value] as const];
  });
  return Object.fromEntries(entries);
}
