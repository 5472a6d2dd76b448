/** The times of a patch in their order, with what passed between them. */
import { PATCH_MOMENTS, type Patch, type PatchMoment } from '../../../api/images-patch.ts';

export interface Moment {
  readonly name: PatchMoment;
  readonly at: Date | null;
  /** Since the last one before it that is known, in milliseconds; null for the first, and where one is not known. */
  readonly after: number | null;
  /** What to say in place of a time; null when there is one. */
  readonly missing: 'notYet' | 'notKnown' | 'notReached' | null;
}

/** What ended without a new image in use gets no further. */
const STOPPED: ReadonlySet<Patch['state']> = new Set([
  'clean',
  'deferred',
  'refused',
  'unproved',
  'rolled-back',
  'cancelled',
] as const);

export function toMoments(patch: Patch): readonly Moment[] {
  const { times, state } = patch;
  const lastKnown = PATCH_MOMENTS.findLastIndex((name) => times[name] !== null);
  const moments: Moment[] = [];
  let before: Date | null = null;
  for (const [index, name] of PATCH_MOMENTS.entries()) {
    const at = times[name];
    if (at === null) {
      const ahead = STOPPED.has(state) ? 'notReached' : 'notYet';
      moments.push({ name, at, after: null, missing: index < lastKnown ? 'notKnown' : ahead });
      continue;
    }
    const passed: number | null = before === null ? null : at.getTime() - before.getTime();
    // A fix may be older than what says that there is something to be fixed.
    moments.push({ name, at, after: passed === null || passed < 0 ? null : passed, missing: null });
    before = at;
  }
  return moments;
}
