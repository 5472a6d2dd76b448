/** Expressions of a rule for approvals, rendered with what the task has done so far. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Templating } from '../expression/templating.ts';
import { WRITTEN_ID } from '../template/parse-template.ts';
import type { TaskSpec } from '../template/template.ts';
import { userContext } from './active-run.ts';
import { createMask } from './mask.ts';
import type { RunState } from './run.ts';

/**
 * Makes the function that renders rules. Secrets cannot be seen, nor outputs of steps that hold one: a rule is shown.
 * @returns renders a rule; an expression that fails is left as text. Throws RenderError `scaffolder/render-limit`
 */
export function createRuleRenderer(
  templating: Templating,
): (
  rule: JsonObject,
  task: { readonly taskId: string; readonly spec: TaskSpec; readonly state: RunState },
) => JsonValue | undefined {
  const noSecrets = createMask({});
  return (rule, { taskId, spec, state }) => {
    const steps: Record<string, JsonObject> = {};
    for (const step of spec.steps) {
      const known = Object.hasOwn(state.steps, step.id) ? state.steps[step.id] : undefined;
      const revealed = known?.status === 'completed' ? noSecrets.reveal(known.output) : null;
      const written = step[WRITTEN_ID];
      if (revealed !== null)
        steps[typeof written === 'string' ? written : step.id] = { output: revealed.value };
    }
    const scope = templating.scope({
      parameters: spec.parameters,
      steps,
      user: userContext(spec.user),
      context: { task: { id: taskId } },
    });
    return templating.render(rule, { scope, at: 'callboard:approval' });
  };
}
