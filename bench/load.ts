/**
 * The load generator: asks a server on this machine for some paths over and over, from a process of its own, and says
 * how fast the answers came. Bounded in connections, paths and time; loopback only.
 */
import { parseArgs } from 'node:util';
import { DRAIN_SECONDS, driveLoad, type LoadPlan, type LoadReport } from './load-drive.ts';
import { loopbackUrl } from './loopback.ts';
import { answerFirstProcess, isSecondProcess, startSecondProcess } from './second-process.ts';

export type { LoadReport } from './load-drive.ts';

export interface LoadOptions {
  /** `http://` on localhost, 127.0.0.0/8 or ::1. Its path is asked for when neither `path` nor `paths` is given. */
  readonly url: string;
  /** Path with query, beginning with `/`. */
  readonly path?: string;
  /** Several of them, asked for in turn over all connections; at most 10,000. Goes before `path`. */
  readonly paths?: readonly string[];
  /** 1 to 256. Default: 8. */
  readonly connections?: number;
  /** Measured time, above 0 and at most 120. Default: 5. */
  readonly seconds?: number;
  /** Time before it that does not count, at most 60. Default: 1. */
  readonly warmupSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: GET. */
  readonly method?: string;
  /** Sent with every request, as UTF-8 and with its content-length. */
  readonly body?: string;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
const PATH = /^\/[\x21-\x7e]*$/;
/** Seconds that a process may take to start and to answer, beyond the load itself. */
const SLACK_SECONDS = 15;

/**
 * Runs a load in a second process and reports. Throws an Error for a URL that is not loopback, a RangeError for other
 * options out of bounds; errors of the server are counted in the report.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const plan = toPlan(options);
  const within = plan.warmupSeconds + plan.seconds + DRAIN_SECONDS + SLACK_SECONDS;
  const second = await startSecondProcess({ file: import.meta.filename, message: plan, within });
  await second.close();
  if (!isReport(second.answer)) throw new Error('the load generator gave an answer that is no report');
  return second.answer;
}

function toPlan(options: LoadOptions): LoadPlan {
  const url = loopbackUrl(options.url);
  const { connections = 8, seconds = 5, warmupSeconds = 1, method = 'GET' } = options;
  const paths = options.paths ?? [options.path ?? `${url.pathname}${url.search}`];
  check(Number.isInteger(connections) && connections >= 1 && connections <= 256, 'connections: 1 to 256');
  check(seconds > 0 && seconds <= 120, 'seconds: above 0, at most 120');
  check(warmupSeconds >= 0 && warmupSeconds <= 60, 'warmupSeconds: 0 to 60');
  check(paths.length >= 1 && paths.length <= 10_000, 'paths: 1 to 10,000');
  check(TOKEN.test(method), 'method: an HTTP token');
  const rest = headOf(url, options);
  const requests = paths.map((path) => {
    check(
      PATH.test(path),
      `path: begins with "/", no spaces or control characters, got ${JSON.stringify(path)}`,
    );
    return `${method} ${path} HTTP/1.1\r\n${rest}`;
  });
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port === '' ? '80' : url.port),
    method,
    requests,
    connections,
    seconds,
    warmupSeconds,
  };
}

/** A request after its first line. */
function headOf(url: URL, options: LoadOptions): string {
  const lines = [`Host: ${url.host}`];
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    check(TOKEN.test(name) && HEADER_VALUE.test(value), `headers: ${JSON.stringify(name)} is not a header`);
    lines.push(`${name}: ${value}`);
  }
  const body = options.body ?? '';
  if (options.body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function check(good: boolean, rule: string): void {
  if (!good) throw new RangeError(rule);
}

function isPlan(value: unknown): value is LoadPlan {
  if (typeof value !== 'object' || value === null) return false;
  return 'requests' in value && Array.isArray(value.requests) && 'port' in value && 'connections' in value;
}

function isReport(value: unknown): value is LoadReport {
  if (typeof value !== 'object' || value === null) return false;
  return 'requestsPerSecond' in value && 'p99' in value && 'errors' in value && 'firstError' in value;
}

async function answerPlan(message: unknown): Promise<LoadReport> {
  if (!isPlan(message)) throw new Error('the message is no load plan');
  return driveLoad(message);
}

async function runFromCommandLine(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      connections: { type: 'string', default: '8' },
      seconds: { type: 'string', default: '5' },
      'warmup-seconds': { type: 'string', default: '1' },
      header: { type: 'string', multiple: true, default: [] },
      method: { type: 'string', default: 'GET' },
      body: { type: 'string' },
    },
  });
  const [url, ...paths] = positionals;
  if (url === undefined) {
    throw new Error(
      'usage: load.ts <url> [path …] [--connections 8] [--seconds 5] [--warmup-seconds 1] [--header "name: value"] ' +
        '[--method GET] [--body text]',
    );
  }
  const report = await runLoad({
    url,
    ...(paths.length === 0 ? {} : { paths }),
    connections: Number(values.connections),
    seconds: Number(values.seconds),
    warmupSeconds: Number(values['warmup-seconds']),
    headers: Object.fromEntries(values.header.map(splitHeader)),
    method: values.method,
    ...(values.body === undefined ? {} : { body: values.body }),
  });
  console.log(JSON.stringify(report, null, 2));
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

if (import.meta.main) {
  if (isSecondProcess()) answerFirstProcess(answerPlan);
  else await runFromCommandLine();
}
