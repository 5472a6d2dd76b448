/**
 * The room, put together: what comes in goes to the findings store, its changes make patches wait, and jobs make the
 * patches. Until it is started it does nothing by itself, so that a command can use it beside a running portal.
 */
import { messageOf, type Database, type Jobs, type Log, type Metrics } from '@callboard/kernel';
import { formatDiagnostic, type Entity } from '@callboard/model';
import { createSqlCheckpoints } from './findings/sql-checkpoints.ts';
import { createSqlFindingsStore } from './findings/sql-findings-store.ts';
import type { PutOutcome } from './findings/findings-store.ts';
import { createSqlReportLog } from './findings/sql-report-log.ts';
import { putReport } from './findings/take-report.ts';
import { toEntities } from './golden/entities.ts';
import { createGoldens } from './golden/goldens.ts';
import type { BaseIndex } from './identify/base-index.ts';
import type { RegistryClient } from './image/registry-client.ts';
import type { Images, ImagesTrouble } from './images.ts';
import { createPatchDesk } from './patches/desk.ts';
import { patchError } from './patches/errors.ts';
import { patchFigures } from './patches/figures.ts';
import { followChanges } from './patches/follow-changes.ts';
import { parkOrphans } from './patches/orphans.ts';
import { OPEN_STATES, type Patch } from './patches/patch.ts';
import { createPatchMetrics } from './patches/metrics.ts';
import { createPatchLogs } from './patches/patch-log.ts';
import { createRecords } from './patches/records.ts';
import {
  createRouting,
  IDENTIFY_BACKOFF,
  IDENTIFY_QUEUE,
  PATCH_QUEUE,
  targetOf,
  type IdentifyJob,
} from './patches/route-findings.ts';
import { createPatchHandler } from './patches/run-patch.ts';
import { createSigningKey } from './patches/signing.ts';
import { createPatchStore, isOpenState, keyOf, type PatchTarget } from './patches/store.ts';
import type { Planner } from './plan/plan.ts';
import type { prove } from './prove/prove.ts';
import type { ImageScanner } from './prove/scan.ts';
import type { BuildEngine } from './build/engine.ts';
import { parseReport, type Report } from './receive/report.ts';
import { watchReports } from './receive/watch-reports.ts';
import type { ImagesSettings } from './settings.ts';

export interface ImagesDeps {
  /** Migrated with `imagesMigrations`. */
  readonly database: Database;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly client: RegistryClient;
  readonly scanner: ImageScanner;
  /** Default: the proof of this room; tests put another in its place. */
  readonly prove?: typeof prove;
  /** The first that can be used here; @throws CodedError `images/no-engine` */
  readonly engine: () => Promise<BuildEngine>;
  readonly planner: (log: (line: string) => void) => Promise<Planner>;
  /** Who builds, in provenance: a URI, and the version. */
  readonly builder: { readonly id: string; readonly version: string };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Names this process, for people. */
  readonly owner: string;
  readonly settings: ImagesSettings;
}

export interface ImagesRoom extends Images, AsyncDisposable {
  /** Begins to work: follows findings, reads golden images, makes patches. */
  start(): Promise<void>;
  /** Golden images and applications, for the catalog. */
  entities(): Promise<readonly Entity[]>;
  /** Calls, in this process, after `entities` may have changed. */
  watchEntities(listener: () => void): void;
}

/** Patches that figures look at, the newest. */
const FIGURED = 5_000;
/** Between two readings of what golden tags point to. */
const GOLDEN_EVERY = 10 * 60_000;
const REFRESH_QUEUE = 'images.refresh';
const SCAN_QUEUE = 'images.scan';
const CONSUMER = 'patches';
/** Problems with report files that are remembered. */
const REMEMBERED = 100;

export function createImages(deps: ImagesDeps): ImagesRoom {
  const { database, jobs, log, client, now, settings } = deps;
  const findings = createSqlFindingsStore(database);
  const checkpoints = createSqlCheckpoints(database);
  const patches = createPatchStore(database, now);
  const records = createRecords(database, now);
  const logs = createPatchLogs(database, { now, log });
  const signer = createSigningKey({ database, configured: settings.signingKey });
  const goldens = createGoldens({ client, database, now, settings, log });
  const entityWatchers: (() => void)[] = [];
  const refresh = async (request: Parameters<typeof goldens.refresh>[0]): Promise<void> => {
    await goldens.refresh(request);
    for (const watcher of entityWatchers) watcher();
  };
  const refreshGolden = (name: string): Promise<void> => refresh({ name });
  const shared = { database, jobs, patches, records, logs, client, settings, now, log, refreshGolden };
  const measures =
    deps.metrics === undefined
      ? null
      : createPatchMetrics(deps.metrics, {
          log,
          counts: { patches: () => patches.counts(), findings: () => findings.counts(), changeLag },
        });

  /** Milliseconds. */
  async function changeLag(): Promise<number> {
    const after = (await checkpoints.state(CONSUMER))?.after ?? null;
    const [oldest] = await findings.changes({ after, limit: 1 });
    return oldest === undefined ? 0 : Math.max(now() - oldest.at, 0);
  }

  const listGoldens = (): ReturnType<typeof goldens.list> => goldens.list();
  const desk = createPatchDesk({ ...shared, measures, goldens: listGoldens });
  const routing = createRouting({ ...shared, findings, index: () => goldens.index() });
  const reportProblems: ImagesTrouble[] = [];
  const running = new AsyncDisposableStack();
  let wake = (): Promise<void> => Promise.resolve();

  const take = async (report: Report): Promise<PutOutcome> => {
    const outcome = await putReport(findings, report, { at: now() });
    if (report.scanner !== null) measures?.reported(report.scanner);
    void wake();
    return outcome;
  };
  const handler = createPatchHandler({
    ...shared,
    ...deps,
    findings,
    measures,
    signer,
    takeReport: take,
    newestOf: async (target) => newestOf(await goldens.index(), target),
    tagsOf: async (patch) => tagsOf(await goldens.index(), patch),
  });

  const tidy = async (): Promise<void> => {
    for (const { id, reason } of await parkOrphans(shared))
      log.error('a patch was left alone', { id, reason });
  };
  const work = async (): Promise<void> => {
    jobs.handle(PATCH_QUEUE, handler);
    jobs.handle(IDENTIFY_QUEUE, {
      backoff: IDENTIFY_BACKOFF,
      run: async ({ payload }) => routing.again(identifyJob(payload)),
    });
    jobs.handle(REFRESH_QUEUE, {
      run: async (_job, { signal }) => {
        await refresh({ signal });
        await tidy();
      },
    });
    jobs.handle(SCAN_QUEUE, {
      run: async () => {
        for (const { name } of settings.golden) {
          // What waits for a person is not begun again by the clock.
          const open = await patches.list({ golden: name, states: OPEN_STATES, limit: 1 });
          if (open.items.length > 0) continue;
          await desk.start({ golden: name, by: 'schedule' }).catch((error: unknown) => {
            log.warn('a golden image could not be scanned', { golden: name, error: messageOf(error) });
          });
        }
      },
    });
    await jobs.schedule({
      name: REFRESH_QUEUE,
      queue: REFRESH_QUEUE,
      every: GOLDEN_EVERY,
      payload: null,
    });
    if (settings.scanEvery === null) await jobs.unschedule(SCAN_QUEUE);
    else
      await jobs.schedule({ name: SCAN_QUEUE, queue: SCAN_QUEUE, every: settings.scanEvery, payload: null });
    // Without an index of golden images a finding would be of none, and be forgotten.
    const stopped = new AbortController();
    const firstRead = refresh({ signal: stopped.signal })
      .then(tidy)
      .catch((error: unknown) =>
        log.warn('the golden images could not be read', { error: messageOf(error) }),
      );
    const handle = (changes: Parameters<typeof routing.changes>[0]): Promise<void> =>
      routing.changes(changes);
    const following = running.use(
      followChanges(
        { store: findings, checkpoints, consumer: CONSUMER, owner: deps.owner, now, handle },
        { log },
      ),
    );
    running.defer(async () => {
      stopped.abort();
      await firstRead;
    });
    wake = async () => {
      await firstRead;
      await following.wake();
    };
    void wake();
    if (settings.reportsFolder !== null) running.use(watchFolder(settings.reportsFolder));
  };

  function watchFolder(folder: string): AsyncDisposable {
    return watchReports({
      folder,
      log: createSqlReportLog(database),
      now,
      onReport: async (report, { name }) => {
        const outcome = await take(report);
        log.info('a report was taken', { name, scanner: report.scanner, ...outcome });
      },
      onProblem: ({ name, message }) => {
        log.warn('a report cannot be used', { name, problem: message });
        const summary = name === null ? message : `${name}: ${message}`;
        reportProblems.unshift({ kind: 'report', summary, at: now() });
        reportProblems.length = Math.min(reportProblems.length, REMEMBERED);
      },
    });
  }

  return {
    findings,
    patches: desk,
    goldens: listGoldens,
    takeReport: async (bytes, { name }) => {
      const report = parseReport(bytes, { receivedAt: now(), name });
      const { scanner, diagnostics } = report;
      if (scanner === null) {
        const why = diagnostics.map(formatDiagnostic).join('; ').slice(0, 1_000);
        const message = `${name} is no report that is known here. ${why}`;
        throw patchError('images/report-unusable', message, diagnostics);
      }
      return { format: scanner, findings: report.findings.length, outcome: await take(report), diagnostics };
    },
    figures: async () => patchFigures((await patches.latest(FIGURED)).filter(isRemedy).map(toTimed), now()),
    troubles: async () => [
      ...(await checkpoints.listSetAside(CONSUMER)).map(({ record, error, at }): ImagesTrouble => ({
        kind: 'change-set-aside',
        summary: `${record.after.id}: ${error}`,
        at,
      })),
      ...(await jobs.list({ queue: IDENTIFY_QUEUE, states: ['dead'] })).jobs.map(
        ({ reason, dueAt }): ImagesTrouble => ({
          kind: 'change-set-aside',
          summary: reason ?? 'An image of findings could not be read.',
          at: dueAt,
        }),
      ),
      ...(await goldens.list()).flatMap(({ golden, problem, readAt }): readonly ImagesTrouble[] =>
        problem === null
          ? []
          : [{ kind: 'golden', summary: `${golden.name}: ${problem}`, at: readAt ?? now() }],
      ),
      ...reportProblems,
    ],
    entities: async () => {
      const patchedAt = new Map<string, number>();
      for (const { golden, times } of await patches.latest(FIGURED)) {
        if (times.promoted !== null && !patchedAt.has(golden)) patchedAt.set(golden, times.promoted);
      }
      return toEntities(await goldens.list(), await goldens.applications(), { patchedAt });
    },
    watchEntities: (listener) => void entityWatchers.push(listener),
    publicKey: async () => (await signer()).publicKey,
    start: work,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function newestOf(index: BaseIndex, { golden: name, base, platform }: PatchTarget): PatchTarget | null {
  const golden = index
    .byName(base.registry, base.repository)
    .find(
      (one) => one.name === name && keyOf({ base, platform: one.platform }) === keyOf({ base, platform }),
    );
  return golden === undefined ? null : targetOf(golden);
}

/**
 * Tags of the repository that point to the base, or did before a run of this patch was cut off; of another repository's
 * the proof says nothing.
 */
function tagsOf(index: BaseIndex, { golden: name, base, built, platform }: Patch): readonly string[] {
  const all = index
    .byDigest(base.digest, platform)
    .map(({ golden }) => golden)
    .filter(
      ({ registry, repository, versions: [newest] }) =>
        registry === base.registry &&
        repository === base.repository &&
        (newest?.digest === base.digest || newest?.digest === built?.digest),
    );
  const own = all.filter((golden) => golden.name === name);
  return [...new Set([...own, ...all].map(({ tag }) => tag))];
}

/** A scan that found nothing to fix takes no time to a fix. */
function isRemedy({ state }: Patch): boolean {
  return state !== 'clean';
}

function toTimed({ times, state, updatedAt }: Patch) {
  return { times, endedAt: isOpenState(state) || state === 'promoted' ? null : updatedAt };
}

function identifyJob(payload: unknown): IdentifyJob {
  return JSON.parse(JSON.stringify(payload));
}
