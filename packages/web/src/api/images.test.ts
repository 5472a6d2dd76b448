import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client, Request } from './client.ts';
import { ApiError } from './error.ts';
import {
  actOnPatch,
  isNotConfigured,
  readFigures,
  readFindings,
  readGoldens,
  readOpenCounts,
  readPatches,
  readTroubles,
  startPatch,
  type FindingQuery,
} from './images.ts';

const { signal } = new AbortController();
const DIGEST = `sha256:${'1'.repeat(64)}`;
const ANY: FindingQuery = { severities: [], status: null, repository: '', digest: '', vulnerability: '' };
/** Answers that hold nothing of what is asked for. */
const NONSENSE: readonly unknown[] = [null, 7, 'items', [], {}, { items: 'many' }, { items: null }];

const GOLDEN = {
  golden: {
    name: 'debian-12',
    title: 'Debian 12',
    owner: 'platform',
    system: null,
    registry: 'registry.test:5000',
    repository: 'golden/debian',
    tag: '12',
  },
  images: [
    {
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      versions: [{ digest: DIGEST }, { digest: 'old' }],
    },
    { platform: { os: 'linux', architecture: 'amd64', variant: null }, versions: [] },
  ],
  problem: null,
  readAt: 1_700_000_000_000,
  usedBy: ['booking', 'component:other/harbour', 7],
};

const FINDING = {
  finding: {
    id: `trivy/${DIGEST}/CVE-2024-6119`,
    scanner: 'trivy',
    vulnerability: 'CVE-2024-6119',
    aliases: ['DSA-1'],
    severity: 'critical',
    status: 'closed',
    image: { digest: DIGEST, registry: 'r.test', repository: 'golden/debian', tags: ['12', '12.1'] },
    packages: [
      { name: 'libssl3', version: '3.0.1', fixedVersion: '3.0.2' },
      { name: 'x', version: '1', fixedVersion: null },
    ],
    title: '<b>title</b>',
    epss: 0.25,
    knownExploited: true,
  },
  firstSeenAt: 1_000,
  changedAt: 2_000,
  closedAt: 3_000,
  reopened: 0,
};

function server(answer: unknown): { readonly client: Client; readonly asked: Request[] } {
  const asked: Request[] = [];
  const client: Client = async (request) => {
    asked.push(request);
    return answer;
  };
  return { client, asked };
}

function queryOf(asked: readonly Request[]): Record<string, string> {
  return Object.fromEntries(new URL(asked[0]?.path ?? '', 'http://portal.test').searchParams);
}

describe('readGoldens', () => {
  it('reads names, owners, what each platform has now, and who stands on it', async () => {
    assert.deepEqual(await readGoldens(server({ items: [GOLDEN] }).client, signal), [
      {
        name: 'debian-12',
        title: 'Debian 12',
        owner: { kind: 'group', namespace: 'default', name: 'platform' },
        system: null,
        registry: 'registry.test:5000',
        repository: 'golden/debian',
        tag: '12',
        images: [
          { platform: 'linux/arm64/v8', digest: DIGEST },
          { platform: 'linux/amd64', digest: null },
        ],
        problem: null,
        readAt: new Date(1_700_000_000_000),
        usedBy: [
          { kind: 'resource', namespace: 'default', name: 'booking' },
          { kind: 'component', namespace: 'other', name: 'harbour' },
        ],
      },
    ]);
  });

  it('shows one that could not be read', async () => {
    const items = [{ golden: { name: 'lost' }, images: [], problem: 'gone', readAt: null, usedBy: [] }];
    const [golden] = await readGoldens(server({ items }).client, signal);
    assert.equal(golden?.problem, 'gone');
    assert.deepEqual([golden?.readAt, golden?.owner, golden?.images], [null, null, []]);
  });

  it('does not take nonsense for no images', async () => {
    for (const answer of [...NONSENSE, { items: [{ golden: { title: 'nameless' } }] }]) {
      await assert.rejects(readGoldens(server(answer).client, signal), { status: 502 });
    }
  });
});

describe('readFindings', () => {
  it('asks for what is chosen, and for nothing else', async () => {
    const chosen = server({ items: [], nextCursor: null });
    const query: FindingQuery = {
      severities: ['critical', 'high'],
      status: 'active',
      repository: 'golden/debian',
      digest: DIGEST,
      vulnerability: 'CVE-2024-6119',
    };
    await readFindings(chosen.client, { query, cursor: 'c', limit: 5 }, signal);
    assert.deepEqual(queryOf(chosen.asked), {
      severity: 'critical,high',
      status: 'active',
      repository: 'golden/debian',
      digest: DIGEST,
      vulnerability: 'CVE-2024-6119',
      cursor: 'c',
      limit: '5',
    });
    const any = server({ items: [], nextCursor: null });
    await readFindings(any.client, { query: ANY, cursor: null, limit: 5 }, signal);
    assert.deepEqual(queryOf(any.asked), { limit: '5' });
  });

  it('reads a finding with what the store knows of it', async () => {
    const { client } = server({ items: [FINDING], nextCursor: 'next' });
    const page = await readFindings(client, { query: ANY, cursor: null, limit: 5 }, signal);
    assert.equal(page.next, 'next');
    assert.deepEqual(page.items, [
      {
        id: FINDING.finding.id,
        scanner: 'trivy',
        vulnerability: 'CVE-2024-6119',
        aliases: ['DSA-1'],
        severity: 'critical',
        status: 'closed',
        title: '<b>title</b>',
        image: 'r.test/golden/debian:12',
        digest: DIGEST,
        packages: FINDING.finding.packages,
        epss: 0.25,
        isKnownExploited: true,
        firstSeenAt: new Date(1_000),
        closedAt: new Date(3_000),
      },
    ]);
  });

  it('reads one that says next to nothing', async () => {
    const { client } = server({ items: [{ finding: { id: 'x', severity: 'horrible' } }] });
    const [item] = (await readFindings(client, { query: ANY, cursor: null, limit: 5 }, signal)).items;
    assert.deepEqual([item?.severity, item?.image, item?.digest, item?.epss], ['unknown', null, null, null]);
    assert.deepEqual([item?.vulnerability, item?.packages, item?.firstSeenAt], ['x', [], null]);
  });

  it('does not take nonsense for no findings', async () => {
    for (const answer of [...NONSENSE, { items: [{ finding: {} }] }]) {
      const { client } = server(answer);
      await assert.rejects(readFindings(client, { query: ANY, cursor: null, limit: 5 }, signal), {
        status: 502,
      });
    }
  });
});

describe('readOpenCounts', () => {
  it('counts the open findings of an image by severity', async () => {
    const high = { status: 'active', severity: 'high', count: 2 };
    const { client, asked } = server({ items: [{ ...high, severity: 'critical', count: 1 }, high] });
    const counts = await readOpenCounts(client, DIGEST, signal);
    assert.deepEqual(
      [...counts],
      [
        ['critical', 1],
        ['high', 2],
      ],
    );
    assert.deepEqual(queryOf(asked), { digest: DIGEST, status: 'active' });
  });
});

describe('readFigures and readTroubles', () => {
  it('read figures, of which some are not known yet', async () => {
    const stage = { stage: 'plan', ended: 2, open: 1, median: 1_500, p95: null };
    const answer = { patches: 3, stages: [stage] };
    assert.deepEqual(await readFigures(server(answer).client, signal), answer);
  });

  it('read what was set aside', async () => {
    const { client } = server({ items: [{ kind: 'report', summary: 'broken', at: 9 }] });
    assert.deepEqual(await readTroubles(client, signal), [
      { kind: 'report', summary: 'broken', at: new Date(9) },
    ]);
  });

  it('do not take nonsense for nothing', async () => {
    for (const answer of NONSENSE) {
      await assert.rejects(readFigures(server(answer).client, signal), { status: 502 });
      await assert.rejects(readTroubles(server(answer).client, signal), { status: 502 });
    }
  });
});

describe('readPatches, startPatch, actOnPatch', () => {
  const PATCH = { id: 'p/1', state: 'waiting' };

  it('ask for states and an image', async () => {
    const { client, asked } = server({ items: [], nextCursor: null });
    const query = { states: ['running', 'parked'], golden: 'debian-12' } as const;
    await readPatches(client, { query, cursor: null, limit: 25 }, signal);
    assert.deepEqual(queryOf(asked), { state: 'running,parked', golden: 'debian-12', limit: '25' });
  });

  it('start the patches of an image', async () => {
    const { client, asked } = server({ items: [PATCH] });
    assert.equal((await startPatch(client, 'debian-12'))[0]?.id, 'p/1');
    assert.deepEqual(asked, [{ path: '/api/images/patches', body: { golden: 'debian-12' } }]);
  });

  it('send the hash of the plan with an approval, and with nothing else', async () => {
    const { client, asked } = server(PATCH);
    await actOnPatch(client, 'p/1', { action: 'approve', reason: 'fine', planHash: 'abc' });
    await actOnPatch(client, 'p/1', { action: 'rollback', reason: 'bad', planHash: 'abc' });
    assert.deepEqual(asked, [
      { path: '/api/images/patches/p%2F1/approve', body: { planHash: 'abc', reason: 'fine' } },
      { path: '/api/images/patches/p%2F1/rollback', body: { reason: 'bad' } },
    ]);
  });
});

describe('isNotConfigured', () => {
  it('tells a portal without golden images from a patch that is not there', () => {
    assert.equal(isNotConfigured(new ApiError(404, 'NotFoundError', 'no route')), true);
    const missing = new ApiError(404, 'NotFoundError', 'no', { code: 'images/patch-not-found' });
    assert.equal(isNotConfigured(missing), false);
    assert.equal(isNotConfigured(new ApiError(500, 'Error', 'no')), false);
    assert.equal(isNotConfigured(null), false);
  });
});
