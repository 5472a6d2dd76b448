/** The states of problems as people read them. */
import type { ProblemState } from '../api/problems.ts';

interface StateWords {
  /** Of one entity: "Failing". */
  readonly title: string;
  /** What it means, in a sentence. */
  readonly meaning: string;
}

export const PROBLEM_WORDS: Readonly<Record<ProblemState, StateWords>> = {
  failing: {
    title: 'Failing',
    meaning: 'The last version has errors; the portal shows the last one that was good.',
  },
  stale: { title: 'Stale', meaning: 'Its source cannot be read; the portal shows what it had before.' },
  conflict: { title: 'In conflict', meaning: 'Two sources describe an entity of this name; one is used.' },
  pending: { title: 'Never good', meaning: 'No version of it was good yet, so it is not in the catalog.' },
  orphaned: { title: 'Orphaned', meaning: 'No source lists it any more.' },
  unowned: { title: 'Without an owner', meaning: 'It names no owner, or one that does not exist.' },
};
