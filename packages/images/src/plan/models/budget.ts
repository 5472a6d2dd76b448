/** What models may cost: calls in any hour and tokens in any day, across all planners that share the budget. */
import { plannerError } from './errors.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

export interface SpentCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Input and output. */
  readonly tokens: number;
}

export interface PlannerBudget {
  /**
   * Books a call that may take `tokens`, and gives back what to call with the true number once it is known; until then
   * the whole is booked. Throws `images/planner-budget` when there is not enough left.
   */
  book(tokens: number): (tokens: number) => void;
  /** Of the last 24 hours, for those who keep them over a restart. */
  spent(): readonly SpentCall[];
}

export interface BudgetOptions {
  /** In any 60 minutes. Default: 60. */
  readonly callsPerHour?: number;
  /** In any 24 hours. Default: 1,000,000. */
  readonly tokensPerDay?: number;
  /** What was spent before. Default: nothing. */
  readonly spent?: readonly SpentCall[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createBudget({
  callsPerHour = 60,
  tokensPerDay = 1_000_000,
  spent = [],
  now,
}: BudgetOptions): PlannerBudget {
  let calls: { at: number; tokens: number }[] = spent.map((call) => ({ ...call }));

  function forget(): void {
    const oldest = now() - DAY;
    calls = calls.filter(({ at }) => at > oldest);
  }

  return {
    book: (tokens) => {
      forget();
      const recent = calls.filter(({ at }) => at > now() - HOUR).length;
      if (recent >= callsPerHour) {
        throw plannerError(
          'images/planner-budget',
          `Models were asked ${recent} times in the last hour; ${callsPerHour} are allowed.`,
        );
      }
      const used = calls.reduce((sum, call) => sum + call.tokens, 0);
      if (used + tokens > tokensPerDay) {
        const message = `Models used ${used} tokens in the last 24 hours and this call may take ${tokens}; ${tokensPerDay} are allowed.`;
        throw plannerError('images/planner-budget', message);
      }
      const call = { at: now(), tokens };
      calls.push(call);
      return (actual) => {
        call.tokens = actual;
      };
    },
    spent: () => {
      forget();
      return calls.map((call) => ({ ...call }));
    },
  };
}
