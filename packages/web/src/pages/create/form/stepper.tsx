/** Where one is in the form: every page by its title, those that were reached as buttons. */
import type { ReactElement } from 'react';
import { CheckIcon, WarningIcon } from '../../../parts/icons.tsx';
import { messages } from '../messages.ts';

export interface StepperProps {
  readonly titles: readonly string[];
  readonly at: number;
  /** The last page that may be opened; those before it are done. Null: any may be, and none is done. */
  readonly reached: number | null;
  /** Pages on which something is known to be wrong. */
  readonly troubled: ReadonlySet<number>;
  /** Pages that have nothing to ask for now. Default: none. */
  readonly skipped?: ReadonlySet<number>;
  readonly onGo: (page: number) => void;
}

export function Stepper({ titles, at, reached, troubled, skipped, onGo }: StepperProps): ReactElement {
  const done = reached ?? 0;
  const steps = titles.map((title, index) => ({ title, index })).filter(({ index }) => !skipped?.has(index));
  return (
    <nav className="stepper" aria-label={messages.steps}>
      <ol>
        {steps.map(({ title, index }, place) => (
          <li key={index} className="stepper-step" data-at={index === at} data-done={index < done}>
            <button
              type="button"
              disabled={reached !== null && index > reached}
              aria-current={index === at ? 'step' : undefined}
              onClick={() => onGo(index)}
            >
              <span className="stepper-mark" aria-hidden="true">
                <Mark place={place} isDone={index < done && index !== at} isTroubled={troubled.has(index)} />
              </span>
              <bdi className="stepper-title">{title}</bdi>
              {troubled.has(index) && <span className="cb-hidden">{messages.hasProblems}</span>}
              {index < done && index !== at && !troubled.has(index) && (
                <span className="cb-hidden">{messages.isDone}</span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface MarkProps {
  /** Among those that are shown, from 0. */
  readonly place: number;
  readonly isDone: boolean;
  readonly isTroubled: boolean;
}

function Mark({ place, isDone, isTroubled }: MarkProps): ReactElement {
  if (isTroubled) return <WarningIcon />;
  return isDone ? <CheckIcon /> : <>{place + 1}</>;
}
