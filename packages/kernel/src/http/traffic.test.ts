import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { CodedError } from '../error.ts';
import { createLog } from '../log/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createHttp } from './server.ts';
import { createTraffic, type AnsweredRequest } from './traffic.ts';

const NOW = Date.UTC(2026, 0, 1);

function answered(given: Partial<AnsweredRequest> = {}): AnsweredRequest {
  return { method: 'GET', route: '/a', status: 200, elapsedMs: 1, ...given };
}

describe('createTraffic', () => {
  it('counts answers by route, with their times', () => {
    const traffic = createTraffic({ now: () => NOW });
    for (const elapsedMs of [1, 5, 3]) traffic.count(answered({ elapsedMs }));
    traffic.count(answered({ method: 'POST', status: 404 }));
    traffic.count(answered({ route: '/b', status: 503 }));
    const { recent, ...figures } = traffic.figures();
    assert.deepEqual(figures, {
      requests: 5,
      clientErrors: 1,
      serverErrors: 1,
      routes: [
        { route: '/b', method: 'GET', count: 1, errors: 1, meanMs: 1, maxMs: 1 },
        { route: '/a', method: 'GET', count: 3, errors: 0, meanMs: 3, maxMs: 5 },
        { route: '/a', method: 'POST', count: 1, errors: 0, meanMs: 1, maxMs: 1 },
      ],
    });
    assert.equal(recent.length, 1);
  });

  it('keeps the last 50 answers that went wrong, and shows 20 routes, however many there are', () => {
    let time = NOW;
    const traffic = createTraffic({ now: () => (time += 1_000) });
    for (let i = 0; i < 3_000; i++) traffic.count(answered({ route: `/${i}`, status: 400 + (i % 5) }));
    const { recent, routes, requests } = traffic.figures();
    assert.equal(requests, 3_000);
    assert.deepEqual([recent.length, routes.length], [50, 20]);
    assert.deepEqual(routes[0], {
      route: 'other',
      method: 'OTHER',
      count: 2_000,
      errors: 0,
      meanMs: 1,
      maxMs: 1,
    });
    assert.ok((recent[0]?.at ?? '') > (recent[49]?.at ?? ''), 'the newest first');
    assert.ok(recent.every(({ status }) => status !== 401 && status !== 404));
  });

  it('keeps no secret, token or query string', () => {
    const traffic = createTraffic({ now: () => NOW, secrets: () => ['hunter22', 'abc'] });
    const token = 'eyJhbGciOiJ9.eyJzdWIiOiJ9.c2lnbmF0dXJl';
    const message = `abc: https://git.test/a?key=1 and '/api/x?y=2' said hunter22 to ${token}. Why?`;
    traffic.count(answered({ status: 400, error: { code: 'room/bad', message } }));
    traffic.count(answered({ status: 400, error: { message: 'x'.repeat(10_000) } }));
    const [long, first] = traffic.figures().recent;
    assert.deepEqual(first, {
      at: '2026-01-01T00:00:00.000Z',
      method: 'GET',
      route: '/a',
      status: 400,
      code: 'room/bad',
      message: "abc: https://git.test/a and '/api/x' said <secret> to <token>. Why?",
    });
    assert.equal(long?.message?.length, 500);
  });
});

describe('createHttp with traffic', () => {
  const traffic = createTraffic({ now: () => NOW });
  const app = createHttp({
    log: createLog({ write: () => undefined }),
    metrics: createMetrics(),
    health: { isReady: () => true },
    traffic,
  });
  app.get('/known/:id', async () => ({}));
  app.get('/broken', async () => {
    throw new Error('the password is hunter2');
  });
  app.get('/refused', async () => {
    throw new CodedError(409, 'room/taken', 'That name is taken.');
  });
  app.get('/checked', async (_request, reply) => reply.code(400).send({ errors: [] }));
  after(() => app.close());

  it('tells of each answer by its route, and why those that failed did', async () => {
    for (const url of ['/known/1?a=b', '/known/2', '/broken?token=x', '/refused', '/checked', '/nowhere']) {
      await app.inject(url);
    }
    const { requests, clientErrors, serverErrors, routes, recent } = traffic.figures();
    assert.deepEqual([requests, clientErrors, serverErrors], [6, 3, 1]);
    assert.deepEqual(routes.map(({ route, count, errors }) => [route, count, errors]).slice(0, 2), [
      ['/broken', 1, 1],
      ['/known/:id', 2, 0],
    ]);
    assert.deepEqual(
      recent.map(({ route, status, code, message }) => [route, status, code, message]),
      [
        ['/checked', 400, null, null],
        ['/refused', 409, 'room/taken', 'That name is taken.'],
        ['/broken', 500, null, 'The server failed to answer; its log says why.'],
      ],
    );
  });
});
