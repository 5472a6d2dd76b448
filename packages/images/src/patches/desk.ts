/** What people do to patches: look, start, agree, try again, stop, promote and roll back. */
import type { Database, DatabaseSession, Jobs } from '@callboard/kernel';
import { formatPlatform } from '../image/manifest.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { GoldenStatus, PatchDesk, Word } from '../images.ts';
import { rollback } from '../promote/promote.ts';
import type { ImagesSettings } from '../settings.ts';
import { patchError } from './errors.ts';
import type { PatchMetrics } from './metrics.ts';
import type { Patch, PatchState } from './patch.ts';
import type { PatchLogs } from './patch-log.ts';
import type { Records } from './records.ts';
import { dismiss, patchJob, setGoing, targetOf, type PatchJob } from './route-findings.ts';
import { fromTheStart, isOpenState, keyOf, type PatchStore } from './store.ts';

export interface DeskDeps {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'enqueue' | 'cancel'>;
  readonly patches: PatchStore;
  readonly records: Records;
  readonly logs: PatchLogs;
  readonly client: RegistryClient;
  readonly goldens: () => Promise<readonly GoldenStatus[]>;
  /** Reads a golden image again. */
  readonly refreshGolden: (name: string) => Promise<void>;
  readonly measures: PatchMetrics | null;
  readonly settings: Pick<ImagesSettings, 'debounce' | 'maxWait'>;
  readonly now: () => number;
}

export function createPatchDesk(deps: DeskDeps): PatchDesk {
  const { database, patches, records, logs, now } = deps;

  const act = async (
    id: string,
    { from, word, change }: Act,
    also: (session: DatabaseSession, patch: Patch) => Promise<string | null> = async () => null,
  ): Promise<Patch> => {
    const { patch, left } = await database.transaction(async (session) => {
      const changed = await patches.change(session, id, (before) => {
        if (from.includes(before.state)) return change(before);
        throw patchError(
          'images/patch-state',
          `Patch ${id} is ${before.state}; it has to be ${from.join(' or ')}.`,
        );
      });
      const job = await also(session, changed);
      return { patch: await patches.get(id, session), left: job };
    });
    await dismiss(deps, left, `${word.by} ${word.did}.`);
    const log = await logs.write(id);
    log.line(`${word.by}: ${word.did}${word.reason === '' ? '' : `: ${word.reason}`}`);
    await log.flush();
    logs.notify(id);
    return patch;
  };
  /** With a new job: the parked one of before is not live and does not stand in the way. */
  const goOn = (session: DatabaseSession, patch: Patch): Promise<string | null> => {
    const { golden, base, platform } = patch;
    const payload: PatchJob = { key: keyOf(patch), target: { golden, base, platform } };
    const request = { ...patchJob({ payload, settings: deps.settings, now }), runAt: now(), maxWait: 0 };
    return setGoing(deps, { session, patch, request });
  };

  return {
    list: (query = {}) => patches.list(query),
    get: (id) => patches.get(id),
    lines: (id, from) => logs.read(id, from),
    watch: (id, listener) => logs.watch(id, listener),
    record: (hash) => records.read(hash),
    start: (request) => start(deps, request),
    approve: (id, { planHash, by, reason }) =>
      act(
        id,
        {
          from: ['awaiting-approval'],
          word: { by, reason, did: `agreed to plan ${planHash.slice(0, 12)}` },
          change: (patch) => {
            if (patch.records.plan !== planHash) {
              throw patchError(
                'images/plan-changed',
                `The plan of patch ${id} is another one by now: look at it again.`,
              );
            }
            const approval = { by, reason, planHash, at: now() };
            return { approval, state: 'waiting', reason: null };
          },
        },
        goOn,
      ),
    reject: async (id, word) => {
      const patch = await act(id, {
        from: ['awaiting-approval'],
        word: { ...word, did: 'refused the plan' },
        change: () => ({ state: 'refused', reason: `${word.by} refused the plan: ${word.reason}` }),
      });
      await dismiss(deps, patch.job, 'The plan was refused.');
      return patch;
    },
    retry: (id, word) =>
      act(
        id,
        {
          from: ['parked', 'unproved', 'deferred', 'refused', 'cancelled'],
          word: { ...word, did: 'tries again' },
          change: (patch) =>
            isOpenState(patch.state) ? { state: 'waiting' } : { ...fromTheStart(patch), state: 'waiting' },
        },
        goOn,
      ),
    cancel: async (id, word) => {
      const patch = await act(id, {
        from: ['waiting', 'running', 'awaiting-approval', 'parked'],
        word: { ...word, did: 'stopped it' },
        change: () => ({ state: 'cancelled', reason: `${word.by} stopped it: ${word.reason}` }),
      });
      await dismiss(deps, patch.job, `${word.by} stopped it.`);
      return patch;
    },
    promote: (id, word) =>
      act(
        id,
        {
          from: ['proved'],
          word: { ...word, did: 'promotes it' },
          change: () => ({ state: 'waiting', stage: 'promote', reason: null }),
        },
        goOn,
      ),
    rollback: async (id, word) => {
      const patch = await patches.get(id);
      if (patch.state !== 'promoted') {
        throw patchError(
          'images/patch-state',
          `Patch ${id} is ${patch.state}; only a promoted one can be rolled back.`,
        );
      }
      for (const promotion of patch.promotions) await rollback({ client: deps.client, promotion });
      const back = await act(id, {
        from: ['promoted'],
        word: { ...word, did: 'rolled it back' },
        change: () => ({ state: 'rolled-back', reason: `${word.by} rolled it back: ${word.reason}` }),
      });
      deps.measures?.rolledBack(patch.golden);
      await deps.refreshGolden(patch.golden);
      return back;
    },
  };
}

interface Act {
  readonly from: readonly PatchState[];
  readonly word: Word & { readonly did: string };
  readonly change: (patch: Patch) => Partial<Patch>;
}

async function start(
  deps: DeskDeps,
  { golden: name, platform, by }: Parameters<PatchDesk['start']>[0],
): Promise<readonly Patch[]> {
  const { database, patches, settings, now, logs } = deps;
  const known = (await deps.goldens()).find(({ golden }) => golden.name === name);
  if (known === undefined) {
    throw patchError(
      'images/golden-not-found',
      `No golden image in the configuration is called ${JSON.stringify(name)}.`,
    );
  }
  await deps.refreshGolden(name);
  const status = (await deps.goldens()).find(({ golden }) => golden.name === name) ?? known;
  const images = status.images.filter(
    (image) => platform === undefined || formatPlatform(image.platform) === platform,
  );
  const started: Patch[] = [];
  for (const image of images) {
    const target = targetOf(image);
    if (target === null) continue;
    const payload = { key: keyOf(target), target };
    const { patch, left } = await database.transaction(async (session) => {
      const received = { at: now(), published: null, fixReleased: null, findings: [] };
      const opened = await patches.open(session, target, received);
      const request = { ...patchJob({ payload, settings, now }), runAt: now(), maxWait: 0 };
      const job = await setGoing(deps, { session, patch: opened, request });
      return { patch: await patches.get(opened.id, session), left: job };
    });
    await dismiss(deps, left, `${by} started it again.`);
    const log = await logs.write(patch.id);
    log.line(`${by}: started it`);
    await log.flush();
    started.push(patch);
  }
  if (started.length > 0) return started;
  const why = status.problem ?? `it has no image for ${platform ?? 'any platform'}`;
  throw patchError('images/golden-not-found', `${name} cannot be patched: ${why}.`);
}
