import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import * as fc from 'fast-check';
import { ANN, openPortal, PREFIX, type ImagesPortal } from './portal.fixture.ts';
import { ASKING, DIGEST, DONE, hashOf, PEM, PLAN, RUNNING, SCRIPT } from './samples.fixture.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

async function ask({ url }: ImagesPortal, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url + path, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const value: unknown = isJson && text !== '' ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, json: isObject(value) ? value : {} };
}

/** As it is: `fetch` would take the dots out of a path. Gives the status. */
async function askRaw(
  { url }: ImagesPortal,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: object },
): Promise<number> {
  const { hostname, port } = new URL(url);
  const headers = { ...ANN, ...(method === 'POST' && { 'content-type': 'application/json' }) };
  const sent = request({ hostname, port, method, path, headers });
  sent.end(method === 'POST' ? JSON.stringify(body) : undefined);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  response.resume();
  return response.statusCode ?? 0;
}

function post(body: unknown, headers: Readonly<Record<string, string>> = ANN): RequestInit {
  return {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function codeOf({ json }: Answer): unknown {
  return isObject(json['error']) ? json['error']['code'] : undefined;
}

function messageOf({ json }: Answer): string {
  return String(isObject(json['error']) ? json['error']['message'] : '');
}

const REASON = { reason: 'looked at it' };

describe('imagesRoutes', () => {
  it('hands the filters of findings on, parsed', async () => {
    await using portal = await openPortal();
    const query = new URLSearchParams({
      limit: '7',
      cursor: '1',
      severity: 'high,critical',
      status: 'active',
      repository: 'golden/debian',
      digest: DIGEST,
      vulnerability: 'CVE-2024-1',
      scanner: 'osv',
    });
    const { status, json } = await ask(portal, `/findings?${query.toString()}`);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json), ['items', 'nextCursor']);
    const asked = {
      limit: 7,
      cursor: '1',
      severities: ['critical', 'high'],
      statuses: ['active'],
      repository: 'golden/debian',
      imageDigest: DIGEST,
      vulnerability: 'CVE-2024-1',
      scanner: 'osv',
    };
    assert.deepEqual(portal.images.calls, [['findings.list', asked]]);
  });

  it('hands the filters of patches on, parsed', async () => {
    await using portal = await openPortal();
    const { json } = await ask(portal, '/patches?state=promoted,running&golden=debian-11&limit=1');
    const asked = { states: ['running', 'promoted'], golden: 'debian-11', limit: 1 };
    assert.deepEqual(portal.images.calls, [['patches.list', asked]]);
    assert.equal(json['nextCursor'], RUNNING);
    const next = await ask(portal, `/patches?state=promoted,running&cursor=${RUNNING}`);
    assert.equal(next.json['nextCursor'], null);
    assert.match(next.text, new RegExp(`"id":"${DONE}"`));
  });

  it('asks for everything when nothing is said', async () => {
    await using portal = await openPortal();
    await ask(portal, '/findings?');
    await ask(portal, '/patches');
    assert.deepEqual(portal.images.calls, [
      ['findings.list', {}],
      ['patches.list', {}],
    ]);
  });

  it('finds a finding by an identifier with slashes and signs, URL-encoded', async () => {
    await using portal = await openPortal();
    for (const id of [`trivy/${DIGEST}/CVE-2024-6119`, 'arn:aws:inspector2:eu-west-1:1:finding/a b?#%']) {
      const { status, json } = await ask(portal, `/findings/${encodeURIComponent(id)}`);
      assert.equal(status, 200, id);
      assert.ok(isObject(json['finding']) && json['finding']['id'] === id);
    }
    const lost = await ask(portal, '/findings/none');
    assert.deepEqual([lost.status, codeOf(lost)], [404, 'images/finding-not-found']);
  });

  it('does what is asked in the name of who asks, and answers with the patch', async () => {
    await using portal = await openPortal();
    const by = 'user:default/ann';
    const steps = [
      [ASKING, 'approve', { ...REASON, planHash: hashOf(PLAN) }, 'waiting'],
      [ASKING, 'cancel', REASON, 'cancelled'],
      [ASKING, 'retry', REASON, 'waiting'],
      [DONE, 'rollback', REASON, 'rolled-back'],
    ] as const;
    for (const [id, deed, body, state] of steps) {
      const { status, json } = await ask(portal, `/patches/${id}/${deed}`, post(body));
      assert.deepEqual([status, json['id'], json['state']], [200, id, state], deed);
      assert.deepEqual(portal.images.calls.at(-1), [`patches.${deed}`, id, { ...body, by }]);
    }
    portal.images.change(RUNNING, { state: 'awaiting-approval' });
    const rejected = await ask(portal, `/patches/${RUNNING}/reject`, post({ reason: ' no \u{1f44e} ' }));
    assert.deepEqual([rejected.json['state'], rejected.json['reason']], ['refused', 'no \u{1f44e}']);
    portal.images.change(RUNNING, { state: 'proved' });
    const promoted = await ask(portal, `/patches/${RUNNING}/promote`, post(REASON));
    assert.equal(promoted.json['state'], 'waiting');
  });

  it('starts patches, of one platform or of all', async () => {
    await using portal = await openPortal();
    const all = await ask(portal, '/patches', post({ golden: 'debian-11' }));
    assert.equal(all.status, 202);
    assert.ok(Array.isArray(all.json['items']) && all.json['items'].length === 1);
    await ask(portal, '/patches', post({ golden: 'debian-11', platform: 'linux/arm64/v8' }));
    const by = 'user:default/ann';
    assert.deepEqual(portal.images.calls, [
      ['patches.start', { golden: 'debian-11', by }],
      ['patches.start', { golden: 'debian-11', platform: 'linux/arm64/v8', by }],
    ]);
  });

  it('passes on what the room refuses', async () => {
    await using portal = await openPortal();
    const answers = [
      await ask(portal, '/patches', post({ golden: 'nope' })),
      await ask(portal, `/patches/${DONE}/cancel`, post(REASON)),
      await ask(portal, `/patches/${ASKING}/approve`, post({ ...REASON, planHash: hashOf('') })),
      await ask(portal, '/patches/p-9/retry', post(REASON)),
      await ask(portal, '/findings?cursor=zzz'),
    ];
    assert.deepEqual(
      answers.map((answer) => [answer.status, codeOf(answer)]),
      [
        [404, 'images/golden-not-found'],
        [409, 'images/patch-state'],
        [409, 'images/plan-changed'],
        [404, 'images/patch-not-found'],
        [400, 'images/bad-cursor'],
      ],
    );
  });

  it('asks who it is before it does anything', async () => {
    await using portal = await openPortal();
    for (const path of ['/patches', `/patches/${RUNNING}/cancel`, `/patches/${ASKING}/approve`]) {
      const { status } = await ask(portal, path, post({ golden: 'debian-11' }, {}));
      assert.equal(status, 401, path);
    }
    assert.deepEqual(portal.images.calls, []);
  });

  it('refuses bodies that are not as described, and says what to do', async () => {
    await using portal = await openPortal();
    const cancel = `/patches/${RUNNING}/cancel`;
    const approve = `/patches/${ASKING}/approve`;
    const planHash = hashOf(PLAN);
    const cases: readonly (readonly [string, unknown, RegExp])[] = [
      [cancel, {}, /reason must say why/],
      [cancel, { reason: '  ' }, /reason must say why/],
      [cancel, { reason: 5 }, /reason must say why/],
      [cancel, { reason: 'x'.repeat(1_001) }, /at most 1000 characters/],
      [cancel, { reason: 'one\ntwo' }, /one line/],
      [cancel, { reason: 'one\u2028two' }, /one line/],
      [cancel, { reason: 'one\u0000' }, /one line/],
      [cancel, { reason: 'one\n' }, /one line/],
      [cancel, { reason: 'to the \u202eleft' }, /one line/],
      [cancel, { reason: 'half \ud800' }, /one line/],
      [cancel, { ...REASON, force: true }, /no property "force"; the body has reason/],
      [cancel, JSON.parse('{"reason":"x","__proto__":{}}'), /no property "__proto__"/],
      [cancel, [], /Send a JSON object with reason/],
      [cancel, null, /Send a JSON object/],
      [cancel, 'text', /Send a JSON object/],
      [approve, REASON, /planHash must be the hash/],
      [approve, { ...REASON, planHash: planHash.toUpperCase() }, /planHash must be the hash/],
      [approve, { ...REASON, planHash: [planHash] }, /planHash must be the hash/],
      [approve, { planHash }, /reason must say why/],
      ['/patches', {}, /golden must be the name/],
      ['/patches', { golden: 'a\nb' }, /golden must be the name/],
      ['/patches', { golden: 'x'.repeat(201) }, /golden must be the name/],
      ['/patches', { golden: 'debian-11', platform: 'linux' }, /platform must be as/],
      ['/patches', { golden: 'debian-11', platform: null }, /platform must be as/],
      ['/patches', { golden: 'debian-11', platform: 'linux/amd64\n' }, /platform must be as/],
    ];
    for (const [path, body, message] of cases) {
      const answer = await ask(portal, path, post(body));
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'images/invalid-body'], JSON.stringify(body));
      assert.match(messageOf(answer), message);
    }
    const none = await ask(portal, cancel, { method: 'POST', headers: ANN });
    assert.deepEqual([none.status, codeOf(none)], [400, 'images/invalid-body']);
    const huge = await ask(portal, cancel, post({ reason: 'x'.repeat(20_000) }));
    assert.equal(huge.status, 413);
    assert.deepEqual(portal.images.calls, []);
  });

  it('takes a reason of 1,000 characters, whatever they weigh', async () => {
    await using portal = await openPortal();
    const reason = '\u{1f44d}'.repeat(1_000);
    const { status } = await ask(portal, `/patches/${RUNNING}/cancel`, post({ reason }));
    assert.equal(status, 200);
  });

  it('refuses parameters that it does not know, on every route', async () => {
    await using portal = await openPortal();
    assert.equal(portal.routes.length, 20);
    for (const route of portal.routes) {
      const [method = '', pattern = ''] = route.split(' ');
      const path = pattern.replace('{hash}', hashOf(PLAN)).replace('{id}', RUNNING);
      const init = method === 'post' ? post({ golden: 'debian-11', ...REASON }) : {};
      const answer = await ask(portal, `${path}?colour=red`, init);
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'images/invalid-parameter'], route);
      assert.match(messageOf(answer), /no query parameter "colour"; this route takes /);
    }
    assert.deepEqual(portal.images.calls, []);
  });

  it('refuses values that cannot be, and says which can', async () => {
    await using portal = await openPortal();
    const log = `/patches/${RUNNING}/log`;
    const cases = [
      ['/findings?limit=0', /limit must be a whole number from 1 to 1000/],
      ['/findings?limit=1001', /from 1 to 1000/],
      ['/findings?limit=1e2', /in digits/],
      ['/findings?limit=', /limit has no value/],
      ['/findings?limit', /limit has no value/],
      [
        '/findings?severity=high&severity=low',
        /severity may be given once; separate several values by commas/,
      ],
      ['/findings?severity=High', /one or more of these, separated by commas: critical, high/],
      ['/findings?severity=high,', /one or more of these/],
      ['/findings?status=open', /active, closed, suppressed/],
      ['/findings?scanner=trivy,grype', /must be one of: inspector, trivy, grype, osv/],
      ['/findings?digest=sha256:1', /digest must be sha256: and 64/],
      ['/findings?repository=%00', /no control characters/],
      ['/findings?repository=%zz', /percent sign is %25/],
      ['/findings?repository=%ed%a0%80', /percent sign is %25/],
      [`/findings?repository=${'x'.repeat(1_001)}`, /at most 1000 characters/],
      ['/findings?__proto__=1', /no query parameter "__proto__"/],
      ['/patches?limit=201', /from 1 to 200/],
      ['/patches?state=done', /waiting, running/],
      [`${log}?after=-1`, /after must be a whole number from 0/],
      [`${log}?after=99999999999999999`, /after must be a whole number from 0/],
      [`${log}?limit=1001`, /from 1 to 1000/],
      ['/records/abc', /64 lower-case hexadecimal digits/],
    ] as const;
    for (const [path, message] of cases) {
      const answer = await ask(portal, path);
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'images/invalid-parameter'], path);
      assert.match(messageOf(answer), message);
    }
    assert.deepEqual(portal.images.calls, []);
  });

  it('answers 400 or 404 to hostile identifiers, whatever they are, and never fails', async () => {
    await using portal = await openPortal();
    const hostile = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2E',
        '%00',
        '%0a',
        '%',
        '%ff',
        '%2e%2e%2f%2e',
        '__proto__',
        'constructor',
        '%F0%9F',
      ),
      fc.constantFrom('x'.repeat(999), 'x'.repeat(1_001), 'x'.repeat(10_000), "'%20or%201=1--", '%E2%80%AE'),
      fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(text.toWellFormed())),
    );
    const places = fc.constantFrom<readonly ['GET' | 'POST', string, string]>(
      ['GET', '/findings/', ''],
      ['GET', '/patches/', ''],
      ['GET', '/patches/', '/log'],
      ['GET', '/records/', ''],
      ['POST', '/patches/', '/cancel'],
      ['POST', '/patches/', '/approve'],
    );
    await fc.assert(
      fc.asyncProperty(places, hostile, async ([method, before, after], id) => {
        fc.pre(id !== '' || after !== '');
        const path = `${PREFIX}${before}${id}${after}`;
        const body = { reason: 'r', ...(after === '/approve' && { planHash: hashOf(PLAN) }) };
        const statusCode = await askRaw(portal, { method, path, body });
        assert.ok([400, 404, 414].includes(statusCode), `${method} ${path}: ${statusCode}`);
      }),
      { numRuns: 300 },
    );
    assert.deepEqual(
      portal.logged.filter((line) => line.includes('failed')),
      [],
    );
  });

  it('keeps nothing in caches but records, which it keeps for ever', async () => {
    await using portal = await openPortal();
    for (const path of ['/golden', '/findings', '/patches/p-9', '/signing-key', '/findings?limit=0']) {
      const { headers } = await ask(portal, path);
      assert.equal(headers.get('cache-control'), 'no-store', path);
    }
    const { headers } = await ask(portal, `/records/${hashOf(PLAN)}`);
    assert.equal(headers.get('cache-control'), 'private, max-age=31536000, immutable');
    const lost = await ask(portal, `/records/${hashOf('lost')}`);
    assert.deepEqual([lost.status, codeOf(lost)], [404, 'images/record-not-found']);
    assert.equal(lost.headers.get('cache-control'), 'no-store');
  });

  it('gives records byte for byte, as JSON or as text by their kind', async () => {
    await using portal = await openPortal();
    const plan = await ask(portal, `/records/${hashOf(PLAN)}`);
    assert.equal(plan.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(plan.text, PLAN);
    const script = await ask(portal, `/records/${hashOf(SCRIPT)}`);
    assert.equal(script.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(script.text, SCRIPT);
  });

  it('gives the signing key as text', async () => {
    await using portal = await openPortal();
    const { headers, text } = await ask(portal, '/signing-key');
    assert.equal(headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(text, PEM);
  });
});
