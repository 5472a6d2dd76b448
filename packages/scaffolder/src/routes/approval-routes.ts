/** The routes of approvals: what awaits me, and what I say to it. */
import type { FastifyInstance } from 'fastify';
import { CodedError } from '@callboard/kernel';
import type { Approval } from '../approvals/approval.ts';
import type { Task } from '../tasks/task.ts';
import { parseReason } from './bodies.ts';
import type { ScaffolderRoutesDeps, Who } from './deps.ts';
import { routeError } from './errors.ts';
import { mayDecide } from './may.ts';
import { parseApprovalId, parseApprovalQuery } from './parameters.ts';
import { refuseQuery } from './query.ts';
import { toWireApproval, type WireApproval } from './wire.ts';

type OfApproval = { Params: { readonly id: string } };

/** Of one answer. */
const MAX_APPROVALS = 500;
const VERDICTS = ['approve', 'reject'] as const;

export function approvalRoutes(app: FastifyInstance, deps: ScaffolderRoutesDeps): void {
  const { approvals, tasks, whoOf } = deps;

  const wire = async (approval: Approval, who: Who): Promise<WireApproval> =>
    toWireApproval(approval, {
      task: await taskOrNull(tasks, approval.taskId),
      mayDecide: mayDecide(who, approval),
    });

  app.get('/v2/approvals', async (request) => {
    const { mine, taskId, states } = parseApprovalQuery(request.url);
    const who = await whoOf(request);
    const owned = who.ref === null ? who.ownership : [...new Set([who.ref, ...who.ownership])];
    const state = states ?? (mine ? ['waiting' as const] : null);
    const found = await approvals.list({
      ...(state !== null && { state }),
      ...(taskId !== null && { taskId }),
      ...(mine && { awaiting: owned }),
      ...(mine && who.ref !== null && { for: who.ref }),
      limit: MAX_APPROVALS,
    });
    return { approvals: await Promise.all(found.map((approval) => wire(approval, who))) };
  });

  for (const verdict of VERDICTS) {
    app.post<OfApproval>(`/v2/approvals/:id/${verdict}`, async (request) => {
      refuseQuery(request.url);
      const who = await whoOf(request);
      const reason = parseReason(request.body, verdict);
      if (who.kind !== 'user' || who.ref === null) {
        throw routeError('scaffolder/not-allowed', 'Only a person who is signed in may decide this.');
      }
      const by = { ref: who.ref, ownership: who.ownership };
      const approval = await approvals.decide(parseApprovalId(request.params.id), { verdict, by, reason });
      return wire(approval, who);
    });
  }
}

/** Null when it is gone. */
async function taskOrNull(
  tasks: Pick<ScaffolderRoutesDeps['tasks'], 'get'>,
  id: string,
): Promise<Task | null> {
  try {
    return await tasks.get(id);
  } catch (error) {
    if (error instanceof CodedError && error.status === 404) return null;
    throw error;
  }
}
