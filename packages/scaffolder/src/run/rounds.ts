/**
 * What a step is going to do: one round, or one for each item of `each`, with the input rendered and checked. All of it is
 * known before the action is called for the first time, so a step with a mistake does nothing.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import type { Scope } from '../expression/templating.ts';
import { isTruthy } from '../expression/truthiness.ts';
import { hasPasswords } from '../form/passwords.ts';
import type { TaskStep } from '../template/template.ts';
import { isJsonObject, placeOf, render, withSecrets, type ActiveRun } from './active-run.ts';
import { runError } from './errors.ts';

export interface Round {
  readonly each: { readonly key: string; readonly value: JsonValue } | null;
  /** False for an item whose `if` does not hold. */
  readonly runs: boolean;
  readonly input: JsonObject;
}

/** Items of one `each`. */
const MAX_ROUNDS = 10_000;

/**
 * @throws CodedError `scaffolder/invalid-each`, `scaffolder/invalid-input`, `scaffolder/bad-action-schema`, and those of
 * expressions that reach a limit
 */
export function planRounds(run: ActiveRun, step: TaskStep, action: Action): readonly Round[] {
  const scope = withSecrets(run);
  const items = itemsOf(run, step, scope);
  const rounds = items.map((each): Round => {
    const roundScope = each === null ? scope : scope.with(['each'], each);
    return {
      each,
      runs: itemRuns(run, step, { each, scope: roundScope }),
      input: inputOf(run, step, roundScope),
    };
  });
  learnDerived(run, step, rounds);
  for (const { runs, each, input } of rounds) {
    if (!runs) continue;
    const item = each === null ? '' : ` for item ${each.key}`;
    run.inputs.check(action, input, `the step "${step.name}" (${step.id})${item}`);
  }
  return rounds;
}

/** A single null without `each`. */
function itemsOf(run: ActiveRun, step: TaskStep, scope: Scope): readonly Round['each'][] {
  if (step.each === undefined) return [null];
  const at = `${placeOf(run, step)}.each`;
  const resolved = render(run, step.each, { scope, at, stepId: step.id });
  if (typeof resolved !== 'object' || resolved === null) {
    const found = resolved === undefined ? 'nothing' : `a ${resolved === null ? 'null' : typeof resolved}`;
    const message = `The "each" of the step "${step.name}" (${at}) gives ${found}. It has to be a list or an object.`;
    throw runError('scaffolder/invalid-each', message);
  }
  const entries = Object.entries(resolved);
  if (entries.length > MAX_ROUNDS) {
    const message = `The "each" of the step "${step.name}" has ${entries.length} items. At most ${MAX_ROUNDS} are taken.`;
    throw runError('scaffolder/invalid-each', message);
  }
  return entries.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

/** With `each`, the condition is asked for each item. */
function itemRuns(
  run: ActiveRun,
  step: TaskStep,
  { each, scope }: { readonly each: Round['each']; readonly scope: Scope },
): boolean {
  if (each === null || step.if === undefined || step.if === '') return true;
  return isTruthy(render(run, step.if, { scope, at: `${placeOf(run, step)}.if`, stepId: step.id }));
}

function inputOf(run: ActiveRun, step: TaskStep, scope: Scope): JsonObject {
  if (step.input === undefined) return {};
  const input = render(run, step.input, { scope, at: `${placeOf(run, step)}.input`, stepId: step.id });
  return isJsonObject(input) ? input : {};
}

/**
 * What expressions make of secrets is secret too, as `${{ secrets.token | upper }}`: texts of the input that are others
 * without the secrets, and do not show one as it is, are learnt by the mask.
 */
function learnDerived(run: ActiveRun, step: TaskStep, rounds: readonly Round[]): void {
  const { secrets, environment } = run.request;
  if (Object.keys(secrets).length + Object.keys(environment.secrets).length === 0) return;
  // Only where there are passwords is anything of the parameters secret.
  const words = hasPasswords(secrets) ? /secrets|parameters/ : /secrets/;
  if (!words.test(JSON.stringify([step.input, step.each]))) return;
  const plain = run.scope;
  const known = new Set<string>();
  const bareEach =
    step.each === undefined ? undefined : render(run, step.each, { scope: plain, at: '', quiet: true });
  const bareItems = typeof bareEach === 'object' && bareEach !== null ? Object.values(bareEach) : [];
  for (const [index, round] of rounds.entries()) {
    const { each } = round;
    const scope =
      each === null ? plain : plain.with(['each'], { key: each.key, value: bareItems[index] ?? null });
    const bare = step.input === undefined ? {} : render(run, step.input, { scope, at: '', quiet: true });
    collectTexts(bare ?? null, known);
  }
  const shown = new Set<string>();
  for (const { input } of rounds) collectTexts(input, shown);
  for (const text of shown) {
    if (!known.has(text) && run.mask.text(text) === text) run.mask.learn(text);
  }
}

function collectTexts(value: JsonValue | undefined, into: Set<string>): void {
  if (typeof value === 'string') into.add(value);
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collectTexts(member, into);
  }
}
