/** Where approvals are kept. An approval ends once: every change is made to one that waits, in one statement. */
import { randomUUID } from 'node:crypto';
import type { Database, DatabaseSession } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import type { Approval, ApprovalDecision, ApprovalRule, ApprovalState } from './approval.ts';
import { approvalTables, type ApprovalRow, type DecisionRow } from './migrations.ts';

/** What is asked for. */
export interface NewApproval {
  readonly taskId: string;
  /** Null: for the whole task. */
  readonly stepId: string | null;
  readonly stepName: string | null;
  /** Of the task: a further attempt asks again for what was refused. */
  readonly attempt: number;
  readonly templateRef: string | null;
  readonly requestedBy: string | null;
  readonly rule: ApprovalRule;
  readonly approvers: readonly string[];
}

export interface ApprovalFilter {
  /** References that somebody owns things as: those that they may decide. */
  readonly awaiting?: readonly string[];
  /** With `awaiting`: without those that this person decided already, or may not because they asked for them. */
  readonly for?: string;
  /** Those that this person decided. */
  readonly decidedBy?: string;
  readonly taskId?: string;
  readonly state?: ApprovalState | readonly ApprovalState[];
  /** Default: 500. */
  readonly limit?: number;
}

/** What jobs of approvals need to know, beside the approval. */
export interface ApprovalTimes {
  readonly toldAt: number | null;
}

const LIMIT = 500;

export interface ApprovalStore {
  insert(session: DatabaseSession, asked: NewApproval, at: number): Promise<string>;
  /** Null when there is none. */
  get(id: string, session?: Pick<DatabaseSession, 'query'>): Promise<(Approval & ApprovalTimes) | null>;
  /** The latest for a task and a step. */
  latest(
    taskId: string,
    stepId: string | null,
  ): Promise<{ readonly approval: Approval; readonly attempt: number } | null>;
  /** Newest first. */
  list(filter: ApprovalFilter): Promise<readonly Approval[]>;
  /** Takes a waiting approval for the rest of the transaction. False when it does not wait. */
  lock(session: DatabaseSession, id: string): Promise<boolean>;
  /** False when the person has decided before. */
  decide(session: DatabaseSession, id: string, decision: ApprovalDecision): Promise<boolean>;
  /** Ends a waiting approval; false when it does not wait. */
  end(session: DatabaseSession, id: string, end: { state: ApprovalState; at: number }): Promise<boolean>;
  /** Ends what waits for a task. */
  withdraw(session: DatabaseSession, taskId: string, at: number): Promise<void>;
  told(id: string, at: number): Promise<void>;
  reminded(id: string, at: number): Promise<void>;
}

export function createApprovalStore(database: Database): ApprovalStore {
  const toApprovals = async (
    session: Pick<DatabaseSession, 'query'>,
    rows: readonly ApprovalRow[],
  ): Promise<(Approval & ApprovalTimes)[]> => {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const tables = approvalTables(session);
    const approvers = await tables
      .selectFrom('scaffolder_approvers')
      .selectAll()
      .where('approval_id', 'in', ids)
      .orderBy('ref')
      .execute();
    const decisions = await tables
      .selectFrom('scaffolder_decisions')
      .selectAll()
      .where('approval_id', 'in', ids)
      .orderBy('decided_at')
      .orderBy('decided_by')
      .execute();
    const refs = Map.groupBy(approvers, (row) => row.approval_id);
    const decided = Map.groupBy(decisions, (row) => row.approval_id);
    return rows.map((row) =>
      toApproval(row, {
        approvers: (refs.get(row.id) ?? []).map(({ ref }) => ref),
        decisions: (decided.get(row.id) ?? []).map(toDecision),
      }),
    );
  };
  return {
    insert: async (session, asked, at) => {
      const id = randomUUID();
      const { rule } = asked;
      await approvalTables(session)
        .insertInto('scaffolder_approvals')
        .values({
          id,
          task_id: asked.taskId,
          step_id: asked.stepId ?? '',
          attempt: asked.attempt,
          step_name: asked.stepName,
          template_ref: asked.templateRef,
          requested_by: asked.requestedBy,
          requested_at: at,
          state: 'waiting',
          expires_at: rule.expiresAfter === null ? null : at + rule.expiresAfter,
          rule: JSON.stringify(rule),
        })
        .execute();
      await session.writeRows({
        table: 'scaffolder_approvers',
        columns: ['approval_id', 'ref'],
        rows: asked.approvers.map((ref) => [id, ref]),
      });
      return id;
    },
    get: async (id, session = database) => {
      const rows = await approvalTables(session)
        .selectFrom('scaffolder_approvals')
        .selectAll()
        .where('id', '=', id)
        .execute();
      return (await toApprovals(session, rows))[0] ?? null;
    },
    latest: async (taskId, stepId) => {
      const row = await approvalTables(database)
        .selectFrom('scaffolder_approvals')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('step_id', '=', stepId ?? '')
        .orderBy('attempt', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      const [approval] = await toApprovals(database, [row]);
      return approval === undefined ? null : { approval, attempt: row.attempt };
    },
    list: async (filter) => toApprovals(database, await listRows(database, filter)),
    lock: async (session, id) => {
      const { numUpdatedRows } = await approvalTables(session)
        .updateTable('scaffolder_approvals')
        .set({ state: 'waiting' })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    decide: async (session, id, { by, verdict, reason, at }) => {
      const { numInsertedOrUpdatedRows = 0n } = await approvalTables(session)
        .insertInto('scaffolder_decisions')
        .values({ approval_id: id, decided_by: by, verdict, reason, decided_at: at })
        .onConflict((conflict) => conflict.columns(['approval_id', 'decided_by']).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    end: async (session, id, { state, at }) => {
      const { numUpdatedRows } = await approvalTables(session)
        .updateTable('scaffolder_approvals')
        .set({ state, ended_at: at })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    withdraw: async (session, taskId, at) => {
      await approvalTables(session)
        .updateTable('scaffolder_approvals')
        .set({ state: 'withdrawn', ended_at: at })
        .where('task_id', '=', taskId)
        .where('state', '=', 'waiting')
        .execute();
    },
    told: async (id, at) => {
      await approvalTables(database)
        .updateTable('scaffolder_approvals')
        .set({ told_at: at })
        .where('id', '=', id)
        .execute();
    },
    reminded: async (id, at) => {
      await approvalTables(database)
        .updateTable('scaffolder_approvals')
        .set({ reminded_at: at })
        .where('id', '=', id)
        .execute();
    },
  };
}

async function listRows(database: Database, filter: ApprovalFilter): Promise<readonly ApprovalRow[]> {
  const { awaiting, taskId, state, decidedBy, limit = LIMIT } = filter;
  let query = approvalTables(database).selectFrom('scaffolder_approvals').selectAll();
  if (taskId !== undefined) query = query.where('task_id', '=', taskId);
  if (state !== undefined) query = query.where('state', 'in', typeof state === 'string' ? [state] : state);
  if (decidedBy !== undefined) {
    query = query.where((is) =>
      is.exists(
        is
          .selectFrom('scaffolder_decisions')
          .select('approval_id')
          .whereRef('approval_id', '=', 'scaffolder_approvals.id')
          .where('decided_by', '=', decidedBy.toLowerCase()),
      ),
    );
  }
  if (awaiting === undefined) {
    return query.orderBy('requested_at', 'desc').orderBy('id').limit(limit).execute();
  }
  if (awaiting.length === 0) return [];
  query = query.where('state', '=', 'waiting').where((is) =>
    is.exists(
      is
        .selectFrom('scaffolder_approvers')
        .select('approval_id')
        .whereRef('approval_id', '=', 'scaffolder_approvals.id')
        .where(
          'ref',
          'in',
          awaiting.map((ref) => ref.toLowerCase()),
        ),
    ),
  );
  const person = filter.for?.toLowerCase();
  if (person !== undefined) {
    query = query.where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('scaffolder_decisions')
            .select('approval_id')
            .whereRef('approval_id', '=', 'scaffolder_approvals.id')
            .where('decided_by', '=', person),
        ),
      ),
    );
  }
  const rows = await query.orderBy('requested_at', 'desc').orderBy('id').limit(limit).execute();
  return rows.filter((row) => person === undefined || mayAs(person, row));
}

function mayAs(person: string, row: ApprovalRow): boolean {
  return row.requested_by?.toLowerCase() !== person || ruleOf(row).allowRequester;
}

function toApproval(
  row: ApprovalRow,
  { approvers, decisions }: Pick<Approval, 'approvers' | 'decisions'>,
): Approval & ApprovalTimes {
  return {
    id: row.id,
    taskId: row.task_id,
    stepId: row.step_id === '' ? null : row.step_id,
    stepName: row.step_name,
    templateRef: row.template_ref,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    rule: ruleOf(row),
    approvers,
    state: row.state,
    expiresAt: row.expires_at,
    remindedAt: row.reminded_at,
    decisions,
    endedAt: row.ended_at,
    toldAt: row.told_at,
  };
}

const toDecision = (row: DecisionRow): ApprovalDecision => ({
  by: row.decided_by,
  verdict: row.verdict,
  reason: row.reason,
  at: row.decided_at,
});

function ruleOf(row: ApprovalRow): ApprovalRule {
  const rule = parseJson(row.rule);
  if (isRule(rule)) return rule;
  throw new Error(`The rule of approval ${row.id} was not written by this portal.`);
}

// Written by us from a rule.
const isRule = (value: unknown): value is ApprovalRule => isObject(value) && Array.isArray(value['by']);
