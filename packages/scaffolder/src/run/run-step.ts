/** One step: whether it runs, then its rounds, then what it put out. Throws what it fails with. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import { isTruthy } from '../expression/truthiness.ts';
import type { TaskStep } from '../template/template.ts';
import { createActionContext, createOutputs } from './action-context.ts';
import { placeOf, render, withSecrets, type ActiveRun } from './active-run.ts';
import { runError } from './errors.ts';
import { planRounds, type Round } from './rounds.ts';
import type { StepState } from './run.ts';
import { sampleOutput } from './sample-output.ts';

const SKIPPED: StepState = { status: 'skipped', output: {} };

/** @throws HookBroke, or what the step failed with */
export async function runStep(run: ActiveRun, step: TaskStep): Promise<StepState> {
  const { id, name } = step;
  const verdict = verdictOf(run, step);
  if (verdict !== 'runs') {
    const because = verdict === 'condition' ? 'its if condition was false' : 'a previous step failed';
    await run.journal.log({
      message: `Skipping step ${id} because ${because}`,
      stepId: id,
      status: 'skipped',
    });
    return SKIPPED;
  }
  await run.journal.call(() => run.request.hooks.beforeStep?.(step));
  await run.journal.log({ message: `Beginning step ${name}`, stepId: id, status: 'processing' });
  const action = findAction(run, step);
  if (run.request.isDryRun) {
    const skipped = await skipInDryRun(run, step, action);
    if (skipped !== null) return skipped;
  }
  const output = await runRounds(run, step, action);
  await run.journal.log({ message: `Finished step ${name}`, stepId: id, status: 'completed' });
  return { status: 'completed', output };
}

/** After a failure only steps run whose `if` asks `always()` or `failure()`. */
function verdictOf(run: ActiveRun, step: TaskStep): 'runs' | 'condition' | 'failure' {
  const { scope, status } = run;
  const at = `${placeOf(run, step)}.if`;
  if (status.failed) {
    if (typeof step.if !== 'string') return 'failure';
    status.asked = false;
    render(run, step.if, { scope, at, quiet: true });
    if (!status.asked) return 'failure';
  }
  if (step.if === false) return 'condition';
  if (typeof step.if !== 'string' || step.each !== undefined) return 'runs';
  return isTruthy(render(run, step.if, { scope, at, stepId: step.id })) ? 'runs' : 'condition';
}

function findAction(run: ActiveRun, step: TaskStep): Action {
  const action = run.deps.actions.find(step.action);
  if (action !== null) return action;
  const message =
    `The step "${step.name}" (${placeOf(run, step)}) names the action "${step.action}", which this portal does not have. ` +
    'Correct its name, or add the plugin that brings it.';
  throw runError('scaffolder/unknown-action', message);
}

async function runRounds(run: ActiveRun, step: TaskStep, action: Action): Promise<JsonObject> {
  const rounds = planRounds(run, step, action);
  const outputs = createOutputs(run, step, action);
  for (const round of rounds) {
    run.request.signal.throwIfAborted();
    if (round.each !== null) noteRound(run, step, round);
    if (!round.runs) continue;
    await action.handler(createActionContext(run, { step, round, outputs }));
    await run.journal.flush();
  }
  return outputs.all();
}

function noteRound(run: ActiveRun, step: TaskStep, { each, runs }: Round): void {
  const message = `${runs ? 'Running' : 'Skipping'} step each: ${JSON.stringify(eachLine(each))}`;
  run.journal.note({ message, stepId: step.id });
}

/** An item as one short line. */
function eachLine(each: Round['each']): JsonValue {
  if (each === null) return null;
  const { key, value } = each;
  return { key, value: typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : value };
}

/** Says what an action would get; null when it runs in a dry-run too. */
async function skipInDryRun(run: ActiveRun, step: TaskStep, action: Action): Promise<StepState | null> {
  const { journal, mask } = run;
  const input = step.input === undefined ? {} : render(run, step.input, inputScope(run, step));
  const shown = JSON.stringify(mask.json(input ?? {}), null, 2);
  const message = `Running ${action.id} in dry-run mode with inputs (secrets redacted): ${shown}`;
  await journal.log({ message, stepId: step.id });
  if (action.supportsDryRun === true) return null;
  const skipped = `Skipping because ${action.id} does not support dry-run`;
  await journal.log({ message: skipped, stepId: step.id, status: 'skipped' });
  return { status: 'skipped', output: sampleOutput(action.schema?.output, step.each !== undefined) };
}

function inputScope(run: ActiveRun, step: TaskStep): Parameters<typeof render>[2] {
  return { scope: withSecrets(run), at: `${placeOf(run, step)}.input`, stepId: step.id, quiet: true };
}
