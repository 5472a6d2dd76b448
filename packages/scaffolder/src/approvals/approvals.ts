/**
 * Approvals: asked once for a task and a step, decided by people, each once, and kept for ever. Reminders and expiry are
 * durable jobs. What an end sets going is in the same transaction as the end.
 */
import {
  messageOf,
  RetryLater,
  type Database,
  type DatabaseSession,
  type Job,
  type Jobs,
  type Log,
} from '@callboard/kernel';
import type { CatalogPort } from '../catalog-port.ts';
import type { Approval, ApprovalDecision, ApprovalRule, ApprovalState } from './approval.ts';
import { createApprovalStore, type ApprovalFilter, type NewApproval } from './approval-store.ts';
import { findApprovers, type FoundApprovers } from './approvers.ts';
import { approvalError } from './errors.ts';

/** Somebody who decides. */
export interface Decider {
  /** Full reference of the user. */
  readonly ref: string;
  /** References that they own things as. */
  readonly ownership: readonly string[];
}

export interface ApprovalsDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly catalog: Pick<CatalogPort, 'entity' | 'ownershipOf'>;
  readonly log: Log;
  readonly now: () => number;
  /** Tells the approvers, at least once, also after a restart. What it throws is logged, and tried again some times. */
  readonly onAsked?: (approval: Approval) => void | Promise<void>;
  readonly onReminder?: (approval: Approval) => void | Promise<void>;
}

export interface Approvals {
  /** Who may agree, or why nobody can. */
  approversOf(rule: ApprovalRule, requestedBy: string | null): Promise<FoundApprovers>;
  /** The latest for a task and a step, with the attempt of the task that asked for it. */
  latest(
    taskId: string,
    stepId: string | null,
  ): Promise<{ readonly approval: Approval; readonly attempt: number } | null>;
  /** Stores it and what follows from it, in the caller's transaction. Once for a task, a step and an attempt. */
  ask(session: DatabaseSession, approval: NewApproval): Promise<string>;
  /** @throws CodedError `scaffolder/approval-not-found` */
  get(id: string): Promise<Approval>;
  /** Newest first. */
  list(filter: ApprovalFilter): Promise<readonly Approval[]>;
  /**
   * A person agrees or refuses, with a reason that a refusal has to have. One refusal ends it; so do enough agreements,
   * and the task goes on.
   * @throws CodedError `scaffolder/approval-not-found`, `scaffolder/approval-ended`, `scaffolder/approval-not-yours`,
   * `scaffolder/approval-decided`, `scaffolder/approval-reason`
   */
  decide(
    id: string,
    decision: {
      readonly by: Decider;
      readonly verdict: ApprovalDecision['verdict'];
      readonly reason?: string;
    },
  ): Promise<Approval>;
  /** Ends what waits for a task, in the caller's transaction. The listener is not called. */
  withdraw(session: DatabaseSession, taskId: string): Promise<void>;
  /** Called when an approval was approved, rejected or expired, in the transaction of that. One listener. */
  onEnded(listener: EndedListener): void;
  /** Begins to tell, to remind and to expire. */
  start(): void;
}

export type EndedListener = (
  session: DatabaseSession,
  ended: { readonly id: string; readonly taskId: string },
) => Promise<void>;

/** The queue of the jobs that tell, remind and expire. */
const APPROVAL_QUEUE = 'scaffolder.approval';

const LONGEST_REASON = 4_000;
/** Telling the approvers fails now and then; so often is it tried. */
const TOLD_TRIES = 5;
const TOLD_PAUSE = 60_000;

export function createApprovals(deps: ApprovalsDeps): Approvals {
  const { database, jobs, catalog, log, now } = deps;
  const store = createApprovalStore(database);
  let listener: EndedListener | null = null;

  const existing = async (id: string, session: Pick<DatabaseSession, 'query'> = database) => {
    const approval = await store.get(id, session);
    if (approval === null)
      throw approvalError('scaffolder/approval-not-found', `There is no approval ${id}.`);
    return approval;
  };
  const end = async (session: DatabaseSession, approval: Approval, state: ApprovalState): Promise<void> => {
    const { id, taskId } = approval;
    if (await store.end(session, id, { state, at: now() })) await listener?.(session, { id, taskId });
  };

  const decide: Approvals['decide'] = async (id, { by, verdict, reason = '' }) => {
    const said = reason.trim().slice(0, LONGEST_REASON);
    if (verdict === 'reject' && said === '') {
      throw approvalError('scaffolder/approval-reason', 'A refusal needs a reason: say why.');
    }
    const person = by.ref.toLowerCase();
    return database.transaction(async (session) => {
      const waits = await store.lock(session, id);
      const approval = await existing(id, session);
      if (!waits) {
        throw approvalError('scaffolder/approval-ended', `Approval ${id} is ${approval.state} already.`);
      }
      if (isExpired(approval, now())) {
        throw approvalError('scaffolder/approval-ended', `Approval ${id} has expired.`);
      }
      refuseStrangers(approval, by);
      if (!(await store.decide(session, id, { by: person, verdict, reason: said, at: now() }))) {
        throw approvalError('scaffolder/approval-decided', `${by.ref} has decided approval ${id} already.`);
      }
      const agreed = approval.decisions.filter((decision) => decision.verdict === 'approve').length + 1;
      if (verdict === 'reject') await end(session, approval, 'rejected');
      else if (agreed >= approval.rule.count) await end(session, approval, 'approved');
      return existing(id, session);
    });
  };

  const tell = async (job: Job, approval: Approval): Promise<void> => {
    try {
      await deps.onAsked?.(approval);
    } catch (error) {
      log.warn('approvers could not be told', { approval: approval.id, error: messageOf(error) });
      if (job.attempts < TOLD_TRIES && !isExpired(approval, now())) {
        throw new RetryLater('Its approvers could not be told.', { at: now() + TOLD_PAUSE, cause: error });
      }
    }
    await store.told(approval.id, now());
  };
  const remind = async (approval: Approval): Promise<void> => {
    try {
      await deps.onReminder?.(approval);
    } catch (error) {
      log.warn('approvers could not be reminded', { approval: approval.id, error: messageOf(error) });
    }
    await store.reminded(approval.id, now());
  };
  const see = async (job: Job): Promise<void> => {
    if (typeof job.payload !== 'string') return;
    const approval = await store.get(job.payload);
    if (approval === null || approval.state !== 'waiting') return;
    if (approval.toldAt === null) await tell(job, approval);
    if (isExpired(approval, now())) {
      await database.transaction((session) => end(session, approval, 'expired'));
      return;
    }
    const remindAt = nextReminder(approval);
    if (remindAt !== null && remindAt <= now()) await remind(approval);
    const next = nextLook((await store.get(approval.id)) ?? approval);
    if (next !== null) {
      throw new RetryLater('It waits for its next reminder, or its end.', { at: next, counted: false });
    }
  };

  return {
    approversOf: (rule, requestedBy) => findApprovers(catalog, rule, requestedBy),
    latest: (taskId, stepId) => store.latest(taskId, stepId),
    ask: async (session, asked) => {
      const id = await store.insert(session, asked, now());
      await jobs.enqueue({ queue: APPROVAL_QUEUE, key: id, payload: id, maxAttempts: 1_000_000 }, session);
      return id;
    },
    get: (id) => existing(id),
    list: (filter) => store.list(filter),
    decide,
    withdraw: (session, taskId) => store.withdraw(session, taskId, now()),
    onEnded: (called) => {
      listener = called;
    },
    start: () => jobs.handle(APPROVAL_QUEUE, { concurrency: 4, run: see }),
  };
}

function refuseStrangers(approval: Approval, who: Decider): void {
  if (isOwnRequest(approval, who)) {
    throw approvalError(
      'scaffolder/approval-not-yours',
      'Who started a task may not decide its approvals; somebody else has to. A task can be cancelled instead.',
    );
  }
  if (!isApprover(approval, who)) {
    throw approvalError(
      'scaffolder/approval-not-yours',
      `${who.ref} is not asked by approval ${approval.id}; ${approval.approvers.join(', ')} can decide it.`,
    );
  }
}

function isApprover(approval: Approval, { ref, ownership }: Decider): boolean {
  return [ref, ...ownership].some((owned) => approval.approvers.includes(owned.toLowerCase()));
}

function isOwnRequest({ requestedBy, rule }: Approval, { ref }: Decider): boolean {
  return !rule.allowRequester && requestedBy?.toLowerCase() === ref.toLowerCase();
}

function isExpired({ expiresAt }: Approval, at: number): boolean {
  return expiresAt !== null && expiresAt <= at;
}

function nextReminder({ rule, remindedAt, requestedAt }: Approval): number | null {
  return rule.remindEvery === null ? null : (remindedAt ?? requestedAt) + rule.remindEvery;
}

function nextLook(approval: Approval): number | null {
  const times = [nextReminder(approval), approval.expiresAt].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
