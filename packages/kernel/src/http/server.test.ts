import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, describe, it } from 'node:test';
import { CodedError } from '../error.ts';
import { createLog } from '../log/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createHttp } from './server.ts';

const lines: string[] = [];
let ready = false;
const app = createHttp({
  log: createLog({ write: (line) => lines.push(line) }),
  metrics: createMetrics(),
  health: { isReady: () => ready },
  corsOrigins: ['https://portal.example'],
  csp: { 'img-src': ["'self'"], 'form-action': false },
});
app.get('/known/:id', async (request) => ({ url: request.url }));
app.get('/broken', async () => {
  throw new Error('the password is hunter2');
});
app.get('/refused', async () => {
  throw new CodedError(409, 'room/taken', 'That name is taken.');
});
app.post('/echo', async (request) => ({ body: request.body ?? 'nothing' }));
const base = await app.listen({ host: '127.0.0.1', port: 0 });
after(() => app.close());
const port = Number(new URL(base).port);

describe('createHttp', () => {
  it('answers a coded error in the shape that clients know', async () => {
    const response = await fetch(`${base}/refused?a=1`);
    assert.equal(response.status, 409);
    assert.deepEqual(await response.json(), {
      error: { name: 'ConflictError', message: 'That name is taken.', code: 'room/taken' },
      request: { method: 'GET', url: '/refused?a=1' },
      response: { statusCode: 409 },
    });
  });

  it('keeps the reason of a failure in the log and out of the answer', async () => {
    const response = await fetch(`${base}/broken`);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /hunter2/);
    assert.match(lines.join(''), /hunter2/);
  });

  it('answers unknown paths and methods with 404', async () => {
    for (const [path, method] of [
      ['/nowhere', 'GET'],
      ['/known/1', 'DELETE'],
    ] as const) {
      const response = await fetch(base + path, { method });
      assert.equal(response.status, 404);
      assert.match(await response.text(), /"NotFoundError"/);
    }
  });

  it('answers a badly encoded path with 400 in the same shape', async () => {
    const response = await fetch(`${base}/known/%E0%A4%A`);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /"error":\{"name":"InputError".*"code":"http\/bad-path"/);
  });

  it('takes an empty JSON body as no body, and refuses a broken one', async () => {
    const post = (body: string) =>
      fetch(`${base}/echo`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    assert.deepEqual(await (await post('')).json(), { body: 'nothing' });
    const broken = await post('{"a":');
    assert.equal(broken.status, 400);
    assert.match(await broken.text(), /http\/invalid-json/);
  });

  it('refuses a body beyond the limit', async () => {
    const response = await fetch(`${base}/echo`, {
      method: 'POST',
      body: JSON.stringify('x'.repeat(2 * 1024 * 1024)),
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(response.status, 413);
    assert.match(await response.text(), /"PayloadTooLargeError".*"http\/body-too-large"/);
  });

  it('answers what is not HTTP, or too long, before it reaches a route', async () => {
    assert.match(await send('GARBAGE\r\n\r\n'), /^HTTP\/1\.1 400 .*"code":"http\/unreadable"/s);
    assert.match(await send(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`), /^HTTP\/1\.1 431 /);
  });

  it('says when it is ready', async () => {
    const readiness = `${base}/.backstage/health/v1/readiness`;
    assert.equal((await fetch(readiness)).status, 503);
    ready = true;
    assert.deepEqual(await (await fetch(readiness)).json(), { status: 'ok' });
    assert.equal((await fetch(`${base}/.backstage/health/v1/liveness`)).status, 200);
  });

  it('counts requests by route', async () => {
    await fetch(`${base}/known/7`);
    const text = await (await fetch(`${base}/metrics`)).text();
    assert.match(
      text,
      /http_server_request_duration_seconds_count\{method="GET",route="\/known\/:id",status="200"\} \d/,
    );
    assert.match(text, /process_cpu_seconds_total/);
  });

  it('sends security headers, with the directives of the configuration', async () => {
    const { headers } = await fetch(`${base}/known/1`);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self'(?:;|$)/);
    assert.match(policy, /img-src 'self'(?:;|$)/);
    assert.doesNotMatch(policy, /form-action/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  it('lets browsers of configured origins in, and no others', async () => {
    const from = (origin: string) =>
      fetch(`${base}/known/1`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-headers': 'authorization' },
      });
    const allowed = await from('https://portal.example');
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://portal.example');
    assert.equal(allowed.headers.get('access-control-allow-headers'), 'authorization');
    assert.equal((await from('https://evil.example')).headers.get('access-control-allow-origin'), null);
  });
});

/** What the server says to raw bytes. */
function send(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
