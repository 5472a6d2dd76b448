/** The tables of approvals. Rows are never deleted: they are the audit trail. Times are milliseconds since 1970. */
import type { DatabaseSession, MigrationStep } from '@callboard/kernel';
import type { ApprovalDecision, ApprovalState } from './approval.ts';

type ApprovalTables = {
  scaffolder_approvals: {
    id: string;
    task_id: string;
    /** Empty: for the whole task. */
    step_id: string;
    /** Of the task, when it was asked for. */
    attempt: number;
    step_name: string | null;
    /** Lower case. */
    template_ref: string | null;
    requested_by: string | null;
    requested_at: number;
    state: ApprovalState;
    expires_at: number | null;
    reminded_at: number | null;
    ended_at: number | null;
    /** When the approvers were told; null before. */
    told_at: number | null;
    /** JSON. */
    rule: string;
  };
  /** Who may decide. */
  scaffolder_approvers: { approval_id: string; ref: string };
  scaffolder_decisions: {
    approval_id: string;
    /** Lower case. */
    decided_by: string;
    verdict: ApprovalDecision['verdict'];
    reason: string;
    decided_at: number;
  };
};

/** The queries of approvals, in a transaction or outside. */
export function approvalTables(
  session: Pick<DatabaseSession, 'query'>,
): ReturnType<typeof session.query.withTables<ApprovalTables>> {
  return session.query.withTables<ApprovalTables>();
}

export type ApprovalRow = ApprovalTables['scaffolder_approvals'];
export type DecisionRow = ApprovalTables['scaffolder_decisions'];

export const approvalMigrationSteps: readonly MigrationStep[] = [
  {
    name: '003-approvals',
    up: async ({ schema }) => {
      await schema
        .createTable('scaffolder_approvals')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('task_id', 'text', (column) => column.notNull())
        .addColumn('step_id', 'text', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('step_name', 'text')
        .addColumn('template_ref', 'text')
        .addColumn('requested_by', 'text')
        .addColumn('requested_at', 'bigint', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('reminded_at', 'bigint')
        .addColumn('ended_at', 'bigint')
        .addColumn('told_at', 'bigint')
        .addColumn('rule', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('scaffolder_approvals_once')
        .on('scaffolder_approvals')
        .columns(['task_id', 'step_id', 'attempt'])
        .unique()
        .execute();
      await schema
        .createIndex('scaffolder_approvals_state')
        .on('scaffolder_approvals')
        .columns(['state', 'requested_at'])
        .execute();
      await schema
        .createTable('scaffolder_approvers')
        .addColumn('approval_id', 'text', (column) => column.notNull())
        .addColumn('ref', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('scaffolder_approvers_key', ['approval_id', 'ref'])
        .execute();
      await schema.createIndex('scaffolder_approvers_ref').on('scaffolder_approvers').column('ref').execute();
      await schema
        .createTable('scaffolder_decisions')
        .addColumn('approval_id', 'text', (column) => column.notNull())
        .addColumn('decided_by', 'text', (column) => column.notNull())
        .addColumn('verdict', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('decided_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('scaffolder_decisions_key', ['approval_id', 'decided_by'])
        .execute();
    },
  },
];
