/** Approvals: a template or a step waits until people agreed. Times are milliseconds since 1970. */

/** From `callboard:approval` of a template or a step, its expressions rendered. */
export interface ApprovalRule {
  /** Full references of users and groups; any of them may decide. An entity of another kind stands for its owner. */
  readonly by: readonly string[];
  /** How many different people have to agree. Default: 1. */
  readonly count: number;
  /** What they are asked. */
  readonly message: string;
  /** Milliseconds between reminders; null: none. */
  readonly remindEvery: number | null;
  /** Milliseconds until it counts as refused; null: never. */
  readonly expiresAfter: number | null;
  /** Whether who started the task may agree too. Default: false. */
  readonly allowRequester: boolean;
}

export type ApprovalState = 'waiting' | 'approved' | 'rejected' | 'expired' | 'withdrawn';

export interface ApprovalDecision {
  readonly by: string;
  readonly verdict: 'approve' | 'reject';
  readonly reason: string;
  readonly at: number;
}

export interface Approval {
  readonly id: string;
  readonly taskId: string;
  /** Null: for the whole task, before its first step. */
  readonly stepId: string | null;
  readonly stepName: string | null;
  readonly templateRef: string | null;
  readonly requestedBy: string | null;
  readonly requestedAt: number;
  readonly rule: ApprovalRule;
  /** Users and groups who may decide, owners looked up. */
  readonly approvers: readonly string[];
  readonly state: ApprovalState;
  readonly expiresAt: number | null;
  readonly remindedAt: number | null;
  readonly decisions: readonly ApprovalDecision[];
  readonly endedAt: number | null;
}
