/** The states of a patch as people read them. */
import type { Patch, PatchState } from '../../api/images-patch.ts';

export interface StateWords {
  readonly title: string;
  /** What it means, and what comes next, in a sentence or two. */
  readonly meaning: string;
  readonly tone: 'good' | 'busy' | 'person' | 'bad' | 'quiet';
}

const WORDS: Readonly<Record<PatchState, StateWords>> = {
  waiting: {
    title: 'Waiting',
    meaning: 'It waits a moment for more findings about the same image, or for its turn.',
    tone: 'busy',
  },
  running: {
    title: 'Running',
    meaning: 'It is being worked on. Each step can be stopped and goes on where it was.',
    tone: 'busy',
  },
  'awaiting-approval': {
    title: 'Needs approval',
    meaning: 'The policy asks for a person: look at the plan, then approve or reject it.',
    tone: 'person',
  },
  parked: {
    title: 'Parked',
    meaning: 'It could not go on by itself. See to the reason, then retry; it goes on where it stopped.',
    tone: 'person',
  },
  clean: {
    title: 'Nothing to fix',
    meaning: 'The scan found nothing that an update would fix. The image stays as it is.',
    tone: 'good',
  },
  deferred: {
    title: 'Deferred',
    meaning: 'The plan is to wait for a fix, or to take a newer base. The image stays as it is.',
    tone: 'quiet',
  },
  refused: {
    title: 'Refused',
    meaning: 'The plan broke a rule of the gate. Nothing was built.',
    tone: 'bad',
  },
  unproved: {
    title: 'Not proved',
    meaning: 'An image was built, but a check of it failed. The golden tag did not move.',
    tone: 'bad',
  },
  proved: {
    title: 'Proved',
    meaning: 'Every check of the new image passed. The golden tag moves when a person promotes it.',
    tone: 'person',
  },
  promoted: {
    title: 'Promoted',
    meaning: 'Every check passed, and the golden tag points to the new image. The old one keeps a tag.',
    tone: 'good',
  },
  'rolled-back': {
    title: 'Rolled back',
    meaning: 'The golden tag points again to what was there before this patch.',
    tone: 'quiet',
  },
  cancelled: {
    title: 'Cancelled',
    meaning: 'A person ended it. The golden tag did not move.',
    tone: 'quiet',
  },
};

const STAGES: Readonly<Record<string, string>> = {
  scan: 'Scanning',
  plan: 'Planning',
  build: 'Building',
  prove: 'Proving',
  attach: 'Signing',
  promote: 'Promoting',
};

/** While it runs the title says where it is, as "Building". A state that is not known keeps the server's word. */
export function stateWords({ state, stateText, stage }: Patch): StateWords {
  if (state === null) return { title: stateText, meaning: '', tone: 'quiet' };
  const words = WORDS[state];
  if (state !== 'running' || stage === null) return words;
  return { ...words, title: STAGES[stage] ?? words.title };
}

const AT_WORK: ReadonlySet<PatchState | null> = new Set(['waiting', 'running'] as const);

/** Whether it goes on by itself. */
export function isAtWork({ state }: Patch): boolean {
  return AT_WORK.has(state);
}

/** Which patches a list shows. */
export const SHOWN = ['all', 'open', 'person', 'done', 'stopped'] as const;
export type Shown = (typeof SHOWN)[number];

/** Empty: of any. */
export const SHOWN_STATES: Readonly<Record<Shown, readonly PatchState[]>> = {
  all: [],
  open: ['waiting', 'running'],
  person: ['awaiting-approval', 'parked', 'proved'],
  done: ['promoted', 'clean'],
  stopped: ['deferred', 'refused', 'unproved', 'cancelled', 'rolled-back'],
};
