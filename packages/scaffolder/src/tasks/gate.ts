/** Where a task or a step waits for people: passed when they agreed, a refusal when they did not or nobody can. */
import { messageOf, type DatabaseSession } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';
import { parseApprovalRule } from '../approvals/approval-rule.ts';
import type { Approval, ApprovalRule } from '../approvals/approval.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { RunState } from '../run/run.ts';
import type { TaskSpec, TaskStep } from '../template/template.ts';

/** What expressions of a rule may use. Secrets are not among it: a rule is shown to people. */
export interface RuleScope {
  readonly taskId: string;
  readonly spec: TaskSpec;
  readonly state: RunState;
}

export type RenderRule = (
  rule: JsonObject,
  scope: RuleScope,
) => JsonValue | undefined | Promise<JsonValue | undefined>;

export type GateAnswer =
  | { readonly kind: 'open'; readonly message: string | null }
  | { readonly kind: 'wait'; readonly approvalId: string; readonly message: string }
  /** `ask` has to be called in a transaction, and gives the id of the approval to wait for. */
  | {
      readonly kind: 'ask';
      readonly message: string;
      readonly ask: (session: DatabaseSession) => Promise<string>;
    }
  | { readonly kind: 'refused'; readonly message: string };

export interface GateRequest extends RuleScope {
  /** Null: the whole task, before its first step. */
  readonly step: TaskStep | null;
  readonly attempt: number;
  readonly createdBy: string | null;
}

export async function askGate(
  { approvals, renderRule }: { readonly approvals: Approvals; readonly renderRule: RenderRule },
  request: GateRequest,
): Promise<GateAnswer> {
  const { step, spec, taskId, attempt } = request;
  const written = (step ?? spec)['callboard:approval'];
  if (written === undefined || written === null) return { kind: 'open', message: null };
  const latest = await approvals.latest(taskId, step?.id ?? null);
  if (latest !== null) {
    const answer = answerOf(latest.approval);
    // What was refused is asked for again by a further attempt.
    if (answer.kind !== 'refused' || latest.attempt === attempt) return answer;
  }
  const rule = await ruleOf(async () => renderRule(written, request));
  if (typeof rule === 'string') {
    return { kind: 'refused', message: `The approval cannot be asked for: ${rule}` };
  }
  const found = await approvals.approversOf(rule, request.createdBy);
  if (found.kind === 'nobody') return { kind: 'refused', message: found.reason };
  const { approvers, unknown } = found;
  const who = rule.count === 1 ? approvers.join(', ') : `${rule.count} of ${approvers.join(', ')}`;
  const missing = unknown.length === 0 ? '' : ` Not in the catalog, and not asked: ${unknown.join(', ')}.`;
  return {
    kind: 'ask',
    message: `Waits for approval by ${who}: ${rule.message}${missing}`,
    ask: (session) =>
      approvals.ask(session, {
        taskId,
        stepId: step?.id ?? null,
        stepName: step?.name ?? null,
        attempt,
        templateRef: spec.templateInfo?.entityRef.toLowerCase() ?? null,
        requestedBy: request.createdBy,
        rule,
        approvers,
      }),
  };
}

/** The rule, or what is wrong with it. */
async function ruleOf(render: () => Promise<JsonValue | undefined>): Promise<ApprovalRule | string> {
  try {
    const { rule, diagnostics } = parseApprovalRule(await render());
    return rule ?? diagnostics.map(({ summary, detail = '' }) => `${summary}. ${detail}`).join(' ');
  } catch (error) {
    // An expression that never ends, for one.
    return messageOf(error);
  }
}

function answerOf(approval: Approval): GateAnswer {
  const { id, state, decisions } = approval;
  switch (state) {
    case 'waiting':
      return { kind: 'wait', approvalId: id, message: 'Still waits for approval.' };
    case 'approved':
      return { kind: 'open', message: `Approved by ${said(decisions)}` };
    case 'rejected':
      return {
        kind: 'refused',
        message: `Refused by ${said(decisions.filter(({ verdict }) => verdict === 'reject'))}`,
      };
    case 'expired':
      return { kind: 'refused', message: 'The approval expired: not enough people agreed in time.' };
    case 'withdrawn':
      return { kind: 'refused', message: 'The approval was withdrawn, as the task was cancelled.' };
    default:
      return state satisfies never;
  }
}

function said(decisions: Approval['decisions']): string {
  return decisions.map(({ by, reason }) => (reason === '' ? by : `${by} (${reason})`)).join(', ');
}
