/** Reads of the API beside a bare server that sends the same bytes, in turns, so that both meet the same machine. */
import assert from 'node:assert/strict';
import { startBareServer } from './bare-server.ts';
import { runLoad, type LoadReport } from './load.ts';

export interface ReadsOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How many entities the portal holds, as `catalog-data.ts` makes them. */
  readonly entities: number;
  /** Of each turn. */
  readonly seconds: number;
  /** Turns for each of the two servers; the median counts. */
  readonly rounds: number;
}

interface ReadCase {
  readonly name: string;
  /** Different requests of one kind, sent in turn. */
  readonly paths: readonly string[];
  /** Checks one answer. */
  readonly check: (body: unknown) => void;
}

const QUERY = '/api/catalog/entities/by-query';

/** Prints a table. */
export async function measureReads(options: ReadsOptions): Promise<void> {
  console.log('| request | requests/s | bare server | of it | p50 | p99 | bytes |');
  console.log('|---|---|---|---|---|---|---|');
  for (const read of readCases(options.entities)) {
    const answers = await fetchAll(read, options);
    await using bare = await startBareServer(answers);
    const ours: LoadReport[] = [];
    const theirs: LoadReport[] = [];
    const load = { paths: read.paths, connections: 8, seconds: options.seconds, warmupSeconds: 1 };
    for (let round = 0; round < options.rounds; round++) {
      ours.push(await runLoad({ ...load, url: options.url, headers: options.headers }));
      theirs.push(await runLoad({ ...load, url: bare.url }));
    }
    for (const report of [...ours, ...theirs]) assert.equal(report.errors, 0, report.firstError ?? '');
    const mine = median(ours);
    const limit = median(theirs);
    const size = Object.values(answers)[0]?.body.length ?? 0;
    console.log(
      `| ${read.name} | ${Math.round(mine.requestsPerSecond)} | ${Math.round(limit.requestsPerSecond)} | ` +
        `${Math.round((100 * mine.requestsPerSecond) / limit.requestsPerSecond)} % | ` +
        `${mine.p50.toFixed(2)} ms | ${mine.p99.toFixed(2)} ms | ${size} |`,
    );
  }
}

function readCases(entities: number): ReadCase[] {
  const teams = Array.from({ length: 20 }, (_, i) => `group:default/team-${i}`);
  const names = Array.from({ length: 50 }, (_, i) => `svc-${(i * 37) % Math.floor(entities / 2)}`);
  return [
    {
      name: 'list of 20',
      paths: Array.from({ length: 20 }, (_, i) => `${QUERY}?limit=20&offset=${i * 20}`),
      check: (body) => assert.equal(itemsOf(body).length, 20),
    },
    {
      name: 'filter, 20 of them',
      paths: ['java', 'go', 'rust', 'kotlin'].flatMap((tag) =>
        ['service', 'website', 'library'].map(
          (type) => `${QUERY}?filter=kind=component,spec.type=${type},metadata.tags=${tag}&limit=20`,
        ),
      ),
      check: (body) => assert.equal(itemsOf(body).length, 20),
    },
    {
      name: 'filter and order, 20 of them',
      paths: ['asc', 'desc'].flatMap((direction) =>
        ['production', 'experimental', 'deprecated'].map(
          (lifecycle) =>
            `${QUERY}?filter=kind=component,spec.lifecycle=${lifecycle}&orderField=metadata.name,${direction}&limit=20`,
        ),
      ),
      check: (body) => assert.equal(itemsOf(body).length, 20),
    },
    {
      name: 'owned by a team, 20 of them',
      paths: teams.map(
        (team) => `${QUERY}?filter=relations.ownedBy=${team}&limit=20&orderField=metadata.name`,
      ),
      check: (body) => assert.ok(itemsOf(body).length > 0),
    },
    {
      name: 'full text, 20 of them',
      paths: ['svc-1', 'api-2', 'res-3', 'team-4'].map(
        (term) => `${QUERY}?fullTextFilterTerm=${term}&fullTextFilterFields=metadata.name&limit=20`,
      ),
      check: (body) => assert.ok(itemsOf(body).length > 0),
    },
    {
      name: 'three fields of 20',
      paths: Array.from(
        { length: 20 },
        (_, i) => `${QUERY}?limit=20&offset=${i * 20}&fields=kind,metadata.name,spec.owner`,
      ),
      check: (body) => assert.equal(itemsOf(body).length, 20),
    },
    {
      name: 'facets: kind, type, owner, tags',
      paths: ['component', 'api', 'resource', 'system'].map(
        (kind) =>
          `/api/catalog/entity-facets?facet=spec.type&facet=relations.ownedBy&facet=metadata.tags&filter=kind=${kind}`,
      ),
      check: (body) => assert.ok(JSON.stringify(body).includes('"count"')),
    },
    {
      name: 'by name',
      paths: names.map((name) => `/api/catalog/entities/by-name/component/default/${name}`),
      check: (body) => assert.ok(JSON.stringify(body).includes('"relations"')),
    },
  ];
}

async function fetchAll(
  read: ReadCase,
  { url, headers }: ReadsOptions,
): Promise<Record<string, { body: string; contentType: string }>> {
  const answers: Record<string, { body: string; contentType: string }> = {};
  for (const path of read.paths) {
    const response = await fetch(url + path, { headers });
    assert.equal(response.status, 200, path);
    const body = await response.text();
    read.check(JSON.parse(body));
    answers[path] = { body, contentType: response.headers.get('content-type') ?? '' };
  }
  return answers;
}

function itemsOf(body: unknown): readonly unknown[] {
  const items = typeof body === 'object' && body !== null && 'items' in body ? body.items : null;
  assert.ok(Array.isArray(items));
  return items;
}

function median(reports: readonly LoadReport[]): LoadReport {
  const sorted = reports.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  assert.ok(middle !== undefined);
  return middle;
}
