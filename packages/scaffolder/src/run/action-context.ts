/** What an action is handed for one round of a step: its input, and the ways to speak to the engine. */
import { mkdtemp } from 'node:fs/promises';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action, ActionContext, ActionLogger } from '@callboard/plugin';
import { RESERVED_KEYS } from '../expression/values.ts';
import type { TaskStep } from '../template/template.ts';
import { isJsonObject, type ActiveRun } from './active-run.ts';
import { runError } from './errors.ts';
import { withFields } from './journal.ts';
import { NotJson, toPlainJson } from './plain-json.ts';
import type { Round } from './rounds.ts';

/** The outputs of a step: with `each`, a list of what the rounds put out under each name. */
export interface Outputs {
  set(name: string, value: unknown): void;
  all(): JsonObject;
}

export function createOutputs(run: ActiveRun, step: TaskStep, action: Action): Outputs {
  const values = new Map<string, JsonValue>();
  const lists = new Map<string, JsonValue[]>();
  return {
    set(name, value) {
      if (RESERVED_KEYS.has(name)) {
        const message = `${action.id} has an output named "${name}", which no expression can read. Its author has to rename it.`;
        throw runError('scaffolder/invalid-output', message);
      }
      if (step.each !== undefined) {
        const list = lists.get(name) ?? [];
        list.push(value === undefined ? null : outputValue(action, name, value));
        lists.set(name, list);
      } else if (value !== undefined) values.set(name, outputValue(action, name, value));
      if (isSecretOutput(action, name)) learnTexts(run, values.get(name) ?? lists.get(name) ?? null);
    },
    all: () => Object.fromEntries<JsonValue>([...values, ...lists]),
  };
}

export function createActionContext(
  run: ActiveRun,
  { step, round, outputs }: { readonly step: TaskStep; readonly round: Round; readonly outputs: Outputs },
): ActionContext {
  const { request } = run;
  const { templateInfo, user } = request.spec;
  return {
    input: round.input,
    logger: createLogger(run, step, {}),
    secrets: request.secrets,
    workspacePath: request.workspacePath,
    output: (name, value) => outputs.set(String(name), value),
    checkpoint: (asked) => checkpoint(run, { key: checkpointKey(step, round, asked.key), fn: asked.fn }),
    async createTemporaryDirectory() {
      const folder = await mkdtemp(`${request.workspacePath}_step-`);
      run.folders.push(folder);
      return folder;
    },
    getInitiatorCredentials: () => request.credentials(),
    task: { id: request.taskId },
    ...(templateInfo === undefined ? {} : { templateInfo }),
    isDryRun: request.isDryRun,
    ...(user === undefined ? {} : { user }),
    signal: request.signal,
    ...(round.each === null ? {} : { each: round.each }),
    step: { id: step.id, name: step.name },
  };
}

/** A step that is repeated for each item has checkpoints of its own for each. */
function checkpointKey(step: TaskStep, { each }: Round, key: string): string {
  return `${step.id}${each === null ? '' : `[${each.key}]`}.${key}`;
}

async function checkpoint<Value extends JsonValue | void>(
  run: ActiveRun,
  { key, fn }: { readonly key: string; readonly fn: () => Promise<Value> | Value },
): Promise<Value> {
  const known = run.checkpoints.get(key);
  if (known !== undefined) {
    const stored = await known;
    if (isOfCaller<Value>(stored)) return stored;
  }
  const work = Promise.resolve()
    .then(fn)
    .then((value) => ({ value, stored: toPlainJson(value ?? null) }));
  const stored = work.then((done) => done.stored);
  // Who waits for it is told by `work`; nobody may be waiting for this one.
  stored.catch(() => {});
  run.checkpoints.set(key, stored);
  try {
    const { value } = await work;
    await run.journal.call(async () => run.request.hooks.onCheckpoint?.(key, run.mask.seal(await stored)));
    return value;
  } catch (thrown) {
    run.checkpoints.delete(key);
    throw thrown;
  }
}

/**
 * What was stored under a key is what its `fn` gave in an earlier run: the only one who can know its type is who wrote
 * both, so this is where it is believed.
 */
function isOfCaller<Value extends JsonValue | void>(_stored: JsonValue | Value): _stored is Value {
  return true;
}

/** Lines go to the task's log; those for debugging to the portal's. */
function createLogger(run: ActiveRun, step: TaskStep, common: object): ActionLogger {
  function line(level: string, message: unknown, fields: object | undefined): void {
    const text = withFields(typeof message === 'string' ? message : String(message), {
      ...common,
      ...fields,
    });
    run.journal.note({ message: level === '' ? text : `${level}: ${text}`, stepId: step.id });
  }
  return {
    debug(message, fields) {
      const text = run.mask.text(withFields(message, { ...common, ...fields }));
      run.deps.log.debug(text, { task: run.request.taskId, step: step.id });
    },
    info: (message, fields) => line('', message, fields),
    warn: (message, fields) => line('Warning', message, fields),
    error: (message, fields) => line('Error', message, fields),
    child: (fields) => createLogger(run, step, { ...common, ...fields }),
  };
}

function outputValue(action: Action, name: string, value: unknown): JsonValue {
  try {
    return toPlainJson(value);
  } catch (thrown) {
    if (!(thrown instanceof NotJson)) throw thrown;
    const message = `The output "${name}" of ${action.id} is no JSON: ${thrown.message}. Its author has to mend it.`;
    throw runError('scaffolder/invalid-output', message);
  }
}

/** The schema says it: `writeOnly`, or the format `password`. Then it is hidden like the secrets that were given. */
function isSecretOutput(action: Action, name: string): boolean {
  const properties = action.schema?.output?.['properties'];
  const schema = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isJsonObject(schema) && (schema['writeOnly'] === true || schema['format'] === 'password');
}

function learnTexts(run: ActiveRun, value: JsonValue | undefined): void {
  if (typeof value === 'string') run.mask.learn(value);
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) learnTexts(run, member);
  }
}
