/** The texts of the health pages. */
import { count, plural } from '../../messages.ts';

export const messages = {
  title: 'Health',
  views: 'Parts of the portal',
  overview: 'Overview',
  sources: 'Sources',
  problems: 'Problems',
  configuration: 'Configuration',

  failedStatus: 'The state of the catalog could not be read',
  failedInfo: 'The state of the portal could not be read',
  failedProblems: 'The problems could not be read',
  failedConfiguration: 'The configuration could not be read',

  entities: 'Entities',
  states: {
    ok: 'Up to date',
    failing: 'Failing',
    stale: 'Stale',
    orphaned: 'Orphaned',
    pending: 'Never good',
  },
  total: 'All',
  byKind: 'By kind',
  queue: 'Queue',
  waiting: 'Locations that wait',
  reading: 'Being read now',

  stages: 'Stages of taking in',
  stageNames: {
    read: 'Read',
    parse: 'Parse',
    process: 'Process',
    store: 'Store',
    index: 'Index',
  } as Readonly<Record<string, string>>,
  stage: 'Stage',
  runs: 'Runs',
  items: 'Items',
  failures: 'Failed',
  perRun: 'Mean',
  last: 'Last',
  longest: 'Longest',
  sum: 'Together',
  sinceStart: 'Since the portal started.',

  process: 'Process',
  version: 'Version',
  node: 'Node.js',
  system: 'System',
  started: 'Started',
  memory: 'Memory',
  memoryOf: (resident: string, heap: string) => `${resident}, ${heap} of it heap`,
  database: 'Database',

  requests: 'Requests',
  requestsAll: 'Answered',
  requestsClient: 'Refused (4xx)',
  requestsServer: 'Failed (5xx)',
  errorRate: 'Error rate',
  routes: 'Busiest routes',
  route: 'Route',
  calls: 'Calls',
  errors: 'Errors',
  mean: 'Mean',
  recentErrors: 'Latest errors',
  noErrors: 'No request failed since the portal started.',
  status: 'Status',
  when: 'When',
  said: 'Answer',

  sourcesNone: 'The catalog has no sources yet.',
  sourcesCount: (total: number, failing: number) =>
    failing === 0
      ? plural(total, 'source', 'sources')
      : `${plural(total, 'source', 'sources')}, ${count(failing)} failing`,
  target: 'Source',
  provider: 'From',
  providerOf: (name: string) => `Provider ${name}`,
  lastRead: 'Last read',
  lastChanged: 'Last changed',
  nextRead: 'Next reading',
  notScheduled: 'when it changes',
  rate: (failures: number, readings: number) => `${count(failures)} of ${count(readings)}`,
  rateTitle: 'Readings that failed since the portal started',
  failedReadings: 'Failed readings',
  readAgain: 'Read again',
  readAsked: 'Asked',
  readAgainOf: (target: string) => `Read ${target} again`,
  readFailed: 'It could not be read again',
  never: 'never',

  allStates: 'All',
  statesLabel: 'State',
  scope: 'Whose problems',
  everybody: 'Everything',
  mine: 'Mine',
  problemsNone: 'No problems of this kind.',
  problemsNoneAtAll: 'Nothing is wrong: every entity is up to date and has an owner.',

  pages: 'Pages',
  previous: 'Previous page',
  next: 'Next page',
  range: (from: number, to: number, total: number) => `${count(from)}–${count(to)} of ${count(total)}`,

  configurationNote:
    'What the portal runs with, after all files, variables and overrides. Secrets are masked by the server.',
  configurationText: 'Configuration as YAML',
  copyConfiguration: 'Copy the configuration',
} as const;

/** Bytes with their unit: "116 MB". */
export function bytes(value: number): string {
  const mega = value / 1_000_000;
  return mega < 1000 ? `${count(Math.round(mega * 10) / 10)} MB` : `${count(Math.round(mega / 100) / 10)} GB`;
}

/** Milliseconds with their unit: "0.4 ms", "12 ms", "1.2 s". */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 1000) return `${count(Math.round(ms / 100) / 10)} s`;
  return `${count(ms >= 10 ? Math.round(ms) : Math.round(ms * 10) / 10)} ms`;
}

/** A share between 0 and 1: "2.5 %". */
export function percent(share: number): string {
  return `${count(Math.round(share * 1000) / 10)} %`;
}
