import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { MAX_REPORT_BYTES } from '../receive/read-json.ts';
import { openPortal, PREFIX, type ImagesPortal } from './portal.fixture.ts';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function send(
  { url }: ImagesPortal,
  path: string,
  { headers = {}, chunks }: { headers?: Record<string, string>; chunks: Iterable<string | Buffer> },
): Promise<Answer> {
  const sent = request(url + path, { method: 'POST', headers });
  for (const chunk of chunks) sent.write(chunk);
  sent.end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  return { status: response.statusCode ?? 0, body: toBody(await text(response)) };
}

/** Without a connection, which a server that has heard enough may cut before it is read. */
async function inject(
  { app }: ImagesPortal,
  { headers = {}, payload }: { headers?: Record<string, string>; payload: string | Readable },
): Promise<Answer> {
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: `${PREFIX}/reports`,
    headers,
    payload,
  });
  return { status: statusCode, body: toBody(body) };
}

function toBody(json: string): Record<string, unknown> {
  const body: unknown = JSON.parse(json);
  return isObject(body) ? body : {};
}

const codeOf = ({ body }: Answer): unknown => (isObject(body['error']) ? body['error']['code'] : null);

describe('POST /reports', () => {
  it('takes bytes of any content type, or of none', async () => {
    await using portal = await openPortal();
    const types = [
      { 'content-type': 'application/json' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/octet-stream' },
      {},
    ];
    for (const headers of types) {
      const { status, body } = await send(portal, '/reports?name=a%20b.json', {
        headers,
        chunks: ['{', '}'],
      });
      assert.deepEqual(
        [status, body['format'], body['findings']],
        [200, 'trivy', 1],
        JSON.stringify(headers),
      );
      assert.deepEqual(portal.images.calls.at(-1), ['takeReport', 2, 'a b.json']);
    }
  });

  it('calls a report without a name "report"', async () => {
    await using portal = await openPortal();
    await send(portal, '/reports', { chunks: ['{}'] });
    assert.deepEqual(portal.images.calls, [['takeReport', 2, 'report']]);
  });

  it('says what is wrong with a report that cannot be used', async () => {
    await using portal = await openPortal();
    const answer = await send(portal, '/reports', { chunks: [Buffer.from([0xff, 0x00])] });
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'images/report-unusable']);
    const { diagnostics } = answer.body;
    assert.ok(Array.isArray(diagnostics) && isObject(diagnostics[0]));
    assert.equal(diagnostics[0]['code'], 'images/report-field');
  });

  it('refuses an empty body, and a name that is too long', async () => {
    await using portal = await openPortal();
    const empty = await send(portal, '/reports', { headers: { 'content-length': '0' }, chunks: [] });
    assert.deepEqual([empty.status, codeOf(empty)], [400, 'images/invalid-body']);
    const long = await send(portal, `/reports?name=${'x'.repeat(301)}`, { chunks: ['{}'] });
    assert.deepEqual([long.status, codeOf(long)], [400, 'images/invalid-parameter']);
    assert.deepEqual(portal.images.calls, []);
  });

  it('takes a report of several MiB', async () => {
    await using portal = await openPortal();
    const chunks = ['{', ...Array.from({ length: 3 }, () => Buffer.alloc(1024 * 1024, ' ')), '}'];
    const { status } = await send(portal, '/reports', { chunks });
    assert.equal(status, 200);
    assert.deepEqual(portal.images.calls, [['takeReport', 3 * 1024 * 1024 + 2, 'report']]);
  });

  it('refuses a report that says it is too large before it comes', async () => {
    await using portal = await openPortal();
    const headers = { 'content-length': String(MAX_REPORT_BYTES + 1) };
    const answer = await inject(portal, { headers, payload: '{' });
    assert.deepEqual([answer.status, codeOf(answer)], [413, 'http/body-too-large']);
    assert.deepEqual(portal.images.calls, []);
  });

  it('refuses a report that does not say so, and turns out to be too large', async () => {
    await using portal = await openPortal();
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    const chunks = Array.from({ length: MAX_REPORT_BYTES / chunk.length }, () => chunk);
    const answer = await inject(portal, {
      headers: { 'content-type': 'application/octet-stream' },
      payload: Readable.from([...chunks, Buffer.from('!')], { objectMode: false }),
    });
    assert.deepEqual([answer.status, codeOf(answer)], [413, 'http/body-too-large']);
    assert.deepEqual(portal.images.calls, []);
  });
});
