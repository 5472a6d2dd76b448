/** A room in memory behind `Images`, with something of everything, for the tests of its REST API. */
import { CodedError } from '@callboard/kernel';
import type { Images, KeptRecord, PatchDesk, PatchLine, PatchQuery } from '../images.ts';
import { patchError } from '../patches/errors.ts';
import { FIGURE_STAGES } from '../patches/figures.ts';
import { PATCH_STATES, type Patch, type PatchState, type RecordKind } from '../patches/patch.ts';
import {
  ASKING,
  DIAGNOSTIC,
  DONE,
  FINDINGS,
  FULL,
  GOLDENS,
  hashOf,
  PEM,
  PLAN,
  RUNNING,
  samplePatch,
  SCRIPT,
} from './samples.fixture.ts';

export interface FakeImages extends Images {
  /** Every call that the routes made, as `name` and arguments. */
  readonly calls: (readonly unknown[])[];
  /** Adds a line to a log, and tells who watches. */
  say(id: string, text: string): void;
  /** Changes a patch, and tells who watches. */
  change(id: string, change: Partial<Patch>): void;
  /** How many watch now. */
  readonly watching: number;
  /** Resolves as soon as so many watch. */
  watchedBy(count: number): Promise<void>;
  /** Takes away a patch while somebody watches. */
  forget(id: string): void;
}

export function createFakeImages(): FakeImages {
  const calls: (readonly unknown[])[] = [];
  const patches = new Map<string, Patch>([
    [RUNNING, samplePatch(RUNNING)],
    [
      ASKING,
      samplePatch(ASKING, { state: 'awaiting-approval', stage: 'plan', records: { plan: hashOf(PLAN) } }),
    ],
    [DONE, samplePatch(DONE, FULL)],
  ]);
  const records = new Map<string, KeptRecord>();
  const keep = (kind: RecordKind, text: string): void => {
    records.set(hashOf(text), { hash: hashOf(text), kind, text, at: 1 });
  };
  keep('plan', PLAN);
  keep('script', SCRIPT);
  const logs = new Map<string, PatchLine[]>();
  const watchers = new Set<{ readonly id: string; readonly listener: () => void }>();
  const waiting = new Set<{ readonly count: number; readonly done: () => void }>();

  const tell = (id: string): void => {
    for (const watcher of watchers) if (watcher.id === id) watcher.listener();
  };
  const countWatchers = (): void => {
    for (const wait of waiting) {
      if (wait.count !== watchers.size) continue;
      waiting.delete(wait);
      wait.done();
    }
  };
  const find = (id: string): Patch => {
    const patch = patches.get(id);
    if (patch === undefined) throw patchError('images/patch-not-found', `There is no patch ${id}.`);
    return patch;
  };
  const act = (id: string, from: readonly PatchState[], change: Partial<Patch>): Patch => {
    const patch = find(id);
    if (!from.includes(patch.state)) throw patchError('images/patch-state', `Patch ${id} is ${patch.state}.`);
    const changed = { ...patch, ...change };
    patches.set(id, changed);
    tell(id);
    return changed;
  };

  const desk: PatchDesk = {
    list: async (query: PatchQuery = {}) => {
      calls.push(['patches.list', query]);
      const { golden, states = PATCH_STATES, limit = 50, cursor } = query;
      const fitting = [...patches.values()]
        .filter((patch) => states.includes(patch.state) && (golden ?? patch.golden) === patch.golden)
        .filter(({ id }) => cursor === undefined || id < cursor);
      const items = fitting.slice(0, limit);
      return { items, next: fitting.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    get: async (id) => find(id),
    start: async (request) => {
      calls.push(['patches.start', request]);
      if (request.golden === 'debian-11') return [find(RUNNING)];
      throw patchError('images/golden-not-found', `There is no golden image ${request.golden}.`);
    },
    approve: async (id, request) => {
      calls.push(['patches.approve', id, request]);
      if (request.planHash !== find(id).records.plan)
        throw patchError('images/plan-changed', 'It is another.');
      return act(id, ['awaiting-approval'], { state: 'waiting', approval: { ...request, at: 5 } });
    },
    reject: async (id, word) => {
      calls.push(['patches.reject', id, word]);
      return act(id, ['awaiting-approval'], { state: 'refused', reason: word.reason });
    },
    retry: async (id, word) => {
      calls.push(['patches.retry', id, word]);
      return act(id, ['refused', 'cancelled', 'parked'], { state: 'waiting' });
    },
    cancel: async (id, word) => {
      calls.push(['patches.cancel', id, word]);
      return act(id, ['waiting', 'running'], { state: 'cancelled', reason: word.reason });
    },
    promote: async (id, word) => {
      calls.push(['patches.promote', id, word]);
      return act(id, ['proved'], { state: 'waiting', stage: 'promote' });
    },
    rollback: async (id, word) => {
      calls.push(['patches.rollback', id, word]);
      return act(id, ['promoted'], { state: 'rolled-back' });
    },
    lines: async (id, { after, limit }) => {
      calls.push(['patches.lines', id, { after, limit }]);
      return (logs.get(id) ?? []).filter(({ number }) => number > after).slice(0, limit);
    },
    watch: (id, listener) => {
      const watcher = { id, listener };
      watchers.add(watcher);
      countWatchers();
      return () => {
        watchers.delete(watcher);
        countWatchers();
      };
    },
    record: async (hash) => records.get(hash) ?? null,
  };

  return {
    calls,
    say: (id, text) => {
      const lines = logs.get(id) ?? [];
      lines.push({ number: lines.length + 1, at: 10, text });
      logs.set(id, lines);
      tell(id);
    },
    change: (id, change) => {
      patches.set(id, { ...find(id), ...change });
      tell(id);
    },
    forget: (id) => {
      patches.delete(id);
      tell(id);
    },
    get watching() {
      return watchers.size;
    },
    watchedBy: async (count) => {
      if (watchers.size === count) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add({ count, done: resolve });
      await promise;
    },
    findings: {
      list: async (query) => {
        calls.push(['findings.list', query]);
        const { cursor, limit = 100 } = query;
        if (cursor !== undefined && !/^\d+$/.test(cursor)) {
          throw new CodedError(400, 'images/bad-cursor', 'It was not given out.');
        }
        const from = Number(cursor ?? 0);
        const next = from + limit < FINDINGS.length ? String(from + limit) : null;
        return { items: FINDINGS.slice(from, from + limit), next };
      },
      get: async (id) => FINDINGS.find(({ finding }) => finding.id === id) ?? null,
      counts: async () => [{ status: 'active', severity: 'high', count: 1 }],
    },
    patches: desk,
    takeReport: async (bytes, { name }) => {
      calls.push(['takeReport', bytes.length, name]);
      const text = bytes.toString('utf8');
      if (!text.startsWith('{')) {
        const cause = [{ ...DIAGNOSTIC, severity: 'error' }];
        throw new CodedError(400, 'images/report-unusable', 'It is no report.', { cause });
      }
      const outcome = { added: 1, changed: 0, same: 0, stale: 0 };
      return { format: 'trivy', findings: 1, outcome, diagnostics: [DIAGNOSTIC] };
    },
    goldens: async () => GOLDENS,
    figures: async () => ({
      patches: 3,
      stages: FIGURE_STAGES.map((stage, index) => ({
        stage,
        ended: index,
        open: 1,
        median: index === 0 ? null : index + 0.5,
        p95: null,
      })),
    }),
    troubles: async () => [{ kind: 'golden', summary: 'lost cannot be reached.', at: 9 }],
    publicKey: async () => PEM,
  };
}
