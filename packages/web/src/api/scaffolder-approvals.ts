/** Approvals: what waits for the word of people, and their word. */
import { isObject, parseRef, type EntityRef } from '@callboard/model';
import { listFrom, notAnswered } from './answer.ts';
import type { Client } from './client.ts';
import { dateIn, listIn, numberIn, objectIn, textIn } from './entity.ts';
import { SCAFFOLDER_PATH, textsIn, type FormValues } from './scaffolder.ts';

const PATH = `${SCAFFOLDER_PATH}/approvals`;

export interface Decision {
  readonly by: string;
  /** As `approve` or `reject`. */
  readonly verdict: string;
  readonly reason: string | null;
  readonly at: Date | null;
}

export interface Approval {
  readonly id: string;
  readonly taskId: string;
  /** Null: before the first step. */
  readonly stepId: string | null;
  readonly stepName: string | null;
  readonly template: EntityRef | null;
  readonly templateTitle: string | null;
  readonly requestedBy: EntityRef | null;
  readonly requestedAt: Date | null;
  readonly message: string | null;
  /** Entity references of users and groups. */
  readonly approvers: readonly string[];
  /** How many have to agree. */
  readonly count: number;
  readonly decisions: readonly Decision[];
  /** The server's word, as `waiting`. */
  readonly state: string;
  readonly expiresAt: Date | null;
  /** Whether the person who asks may. */
  readonly mayDecide: boolean;
  /** What the task was started with. */
  readonly values: FormValues;
}

export interface ApprovalQuery {
  readonly awaiting?: 'me';
  readonly taskId?: string;
  readonly state?: string;
}

export async function readApprovals(
  client: Client,
  query: ApprovalQuery,
  signal: AbortSignal,
): Promise<readonly Approval[]> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string') params.set(name, value);
  }
  const search = params.size === 0 ? '' : `?${params.toString()}`;
  return listFrom(await client({ path: `${PATH}${search}`, signal }), 'approvals').map(toApproval);
}

/** `reason`: has to be there to reject; may be empty to approve. */
export async function decide(
  client: Client,
  word: { readonly id: string; readonly verdict: 'approve' | 'reject'; readonly reason: string },
): Promise<Approval> {
  const path = `${PATH}/${encodeURIComponent(word.id)}/${word.verdict}`;
  const body = word.reason === '' ? {} : { reason: word.reason };
  return toApproval(await client({ path, body }));
}

function toApproval(value: unknown): Approval {
  const id = textIn(value, 'id');
  if (id === null) throw notAnswered('an approval');
  return {
    id,
    taskId: textIn(value, 'taskId') ?? '',
    stepId: textIn(value, 'stepId'),
    stepName: textIn(value, 'stepName'),
    template: parseRef(textIn(value, 'templateRef') ?? '', { kind: 'template' }),
    templateTitle: textIn(value, 'templateTitle'),
    requestedBy: parseRef(textIn(value, 'requestedBy') ?? '', { kind: 'user' }),
    requestedAt: dateIn(value, 'requestedAt'),
    message: textIn(value, 'message'),
    approvers: textsIn(value, 'approvers'),
    count: Math.max(1, numberIn(value, 'count')),
    decisions: listIn(value, 'decisions').map((decision) => ({
      by: textIn(decision, 'by') ?? '',
      verdict: textIn(decision, 'verdict') ?? '',
      reason: textIn(decision, 'reason'),
      at: dateIn(decision, 'at'),
    })),
    state: textIn(value, 'state') ?? '',
    expiresAt: dateIn(value, 'expiresAt'),
    mayDecide: isObject(value) && value['mayDecide'] === true,
    values: objectIn(value, 'values'),
  };
}
