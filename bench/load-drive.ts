/**
 * Keeps a number of connections busy for a warm-up and then a measured time, and counts. Runs in the load generator's
 * own process; load.ts is the door.
 */
import type { Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { openConnection } from './load-connection.ts';
import type { ResponseSeen } from './response-reader.ts';

/** Checked work: what `runLoad` made of its options. */
export interface LoadPlan {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** Whole requests, head and body, sent in turn over all connections. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
}

export interface LoadReport {
  readonly requestsPerSecond: number;
  /** Milliseconds from sending a request to the last byte of its answer; 0 when no answer counts. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Milliseconds. */
  readonly max: number;
  /** Body bytes of the answers that count. */
  readonly bytes: number;
  /** Answers other than 2xx and 304, broken connections, requests never answered; those of the warm-up too. */
  readonly errors: number;
  /** Answers that count: complete, 2xx or 304, within the measured time. */
  readonly requests: number;
  /** The first thing that went wrong, or null. */
  readonly firstError: string | null;
}

/** Seconds that answers may take after the measured time before they count as errors. */
export const DRAIN_SECONDS = 2;
/** The run ends early after this many errors with no good answer between them. */
const ERRORS_IN_A_ROW = 200;
const RECONNECT_MS = 10;
const NS_PER_MS = 1_000_000;

type Phase = 'warm-up' | 'measured' | 'draining';

/** Runs the plan and reports. Never rejects: what the server does wrong is counted. */
export function driveLoad(plan: LoadPlan): Promise<LoadReport> {
  const { host, port, method } = plan;
  const requests = plan.requests.map((text) => Buffer.from(text));
  const sockets = new Set<Socket>();
  const tally = createTally();
  const done = Promise.withResolvers<LoadReport>();
  const timers = [
    setTimeout(tally.startMeasuring, plan.warmupSeconds * 1000),
    setTimeout(drain, (plan.warmupSeconds + plan.seconds) * 1000),
  ];
  let next = 0;

  function nextRequest(): Buffer | null {
    if (tally.phase() === 'draining') return null;
    next = (next + 1) % requests.length;
    return requests[next] ?? null;
  }

  function open(): void {
    if (tally.phase() === 'draining') return;
    const onClose = (failure: string | null): void => {
      sockets.delete(socket);
      if (failure !== null) tally.failed(failure);
      if (tally.hopeless()) drain();
      if (tally.phase() !== 'draining') setTimeout(open, failure === null ? 0 : RECONNECT_MS);
      finishWhenDrained();
    };
    const onAnswer = (seen: ResponseSeen, milliseconds: number): void => {
      tally.answered(seen, milliseconds);
      if (tally.hopeless()) drain();
    };
    const socket = openConnection({ host, port, method, nextRequest, onAnswer, onClose });
    sockets.add(socket);
  }

  function drain(): void {
    if (tally.phase() === 'draining') return;
    tally.stop();
    timers.push(setTimeout(giveUp, DRAIN_SECONDS * 1000));
    finishWhenDrained();
  }

  function giveUp(): void {
    for (const socket of sockets) socket.destroy(new Error('no answer'));
  }

  function finishWhenDrained(): void {
    if (tally.phase() !== 'draining' || sockets.size > 0) return;
    for (const timer of timers) clearTimeout(timer);
    done.resolve(tally.report());
  }

  for (let n = 0; n < plan.connections; n += 1) open();
  return done.promise;
}

interface Tally {
  readonly phase: () => Phase;
  readonly startMeasuring: () => void;
  readonly stop: () => void;
  readonly answered: (seen: ResponseSeen, milliseconds: number) => void;
  readonly failed: (message: string) => void;
  /** True when the server answers nothing but errors. */
  readonly hopeless: () => boolean;
  readonly report: () => LoadReport;
}

function createTally(): Tally {
  const latency = createHistogram();
  let phase: Phase = 'warm-up';
  let bytes = 0;
  let errors = 0;
  let errorsInARow = 0;
  let firstError: string | null = null;
  let began = performance.now();
  let elapsed = 0;

  function startMeasuring(): void {
    phase = 'measured';
    latency.reset();
    bytes = 0;
    began = performance.now();
  }

  function failed(message: string): void {
    errors += 1;
    errorsInARow += 1;
    firstError ??= message;
  }

  return {
    phase: () => phase,
    startMeasuring,
    stop() {
      if (phase === 'warm-up') startMeasuring();
      elapsed = performance.now() - began;
      phase = 'draining';
    },
    answered(seen, milliseconds) {
      if (seen.status >= 300 && seen.status !== 304) {
        failed(`status ${seen.status}`);
        return;
      }
      errorsInARow = 0;
      if (phase === 'draining') return;
      bytes += seen.bytes;
      latency.record(Math.max(1, Math.round(milliseconds * NS_PER_MS)));
    },
    failed,
    hopeless: () => errorsInARow >= ERRORS_IN_A_ROW,
    report() {
      const requests = latency.count;
      return {
        requestsPerSecond: requests === 0 ? 0 : requests / (elapsed / 1000),
        p50: requests === 0 ? 0 : latency.percentile(50) / NS_PER_MS,
        p99: requests === 0 ? 0 : latency.percentile(99) / NS_PER_MS,
        max: requests === 0 ? 0 : latency.max / NS_PER_MS,
        bytes,
        errors,
        requests,
        firstError,
      };
    },
  };
}
