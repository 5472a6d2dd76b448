import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { configFrom } from '@callboard/kernel';
import { createEndpointChecks, type EndpointDeps } from './endpoints.ts';

let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  response.writeHead(request.url === '/good' ? 200 : 503).end('some body');
});
let base = '';

before(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
});
after(() => server.close());

function checksOf(
  endpoints: readonly { name: string; type: string; target: string }[],
  ping: EndpointDeps['ping'] = async () => undefined,
) {
  const config = configFrom({ devTools: { externalDependencies: { endpoints } } });
  return createEndpointChecks(config, { fetch, ping });
}

describe('createEndpointChecks', () => {
  it('calls healthy what answers with 200, and says why others are not', async () => {
    const found = await checksOf([
      { name: 'a', type: 'fetch', target: `${base}/good` },
      { name: 'b', type: 'fetch', target: `${base}/bad` },
      { name: 'c', type: 'fetch', target: 'http://127.0.0.1:1/' },
      { name: 'd', type: 'smell', target: 'x' },
    ])();
    assert.deepEqual(found.slice(0, 2), [
      { name: 'a', type: 'fetch', target: `${base}/good`, status: 'Healthy' },
      { name: 'b', type: 'fetch', target: `${base}/bad`, status: 'Unhealthy', error: 'It answered with 503' },
    ]);
    assert.deepEqual(
      found.slice(2).map(({ status, error }) => [status, typeof error]),
      [
        ['Unhealthy', 'string'],
        ['Unhealthy', 'string'],
      ],
    );
  });

  it('pings hosts, and nothing that could be an option of ping', async () => {
    const pinged: string[] = [];
    const found = await checksOf(
      [
        { name: 'a', type: 'ping', target: 'db.test' },
        { name: 'b', type: 'ping', target: '-f' },
        { name: 'c', type: 'ping', target: 'gone.test' },
      ],
      async (host) => {
        pinged.push(host);
        if (host === 'gone.test') throw new Error('gone.test does not answer');
      },
    )();
    assert.deepEqual(pinged, ['db.test', 'gone.test']);
    assert.deepEqual(
      found.map(({ status, error }) => [status, error]),
      [
        ['Healthy', undefined],
        ['Unhealthy', 'The target is not the name or address of a host'],
        ['Unhealthy', 'gone.test does not answer'],
      ],
    );
  });

  it('asks once for all who ask at the same time', async () => {
    const check = checksOf([{ name: 'a', type: 'fetch', target: `${base}/good` }]);
    const earlier = requests;
    const [first, second] = await Promise.all([check(), check()]);
    assert.equal(requests, earlier + 1);
    assert.equal(first, second);
    await check();
    assert.equal(requests, earlier + 2);
  });

  it('shows no credentials', async () => {
    const target = 'http://u:hunter22@127.0.0.1:1/x';
    const found = await checksOf(['fetch', 'ping'].map((type) => ({ name: 'a', type, target })))();
    assert.doesNotMatch(JSON.stringify(found), /hunter22/);
    assert.deepEqual(
      found.map((shown) => [shown.target, shown.status]),
      [
        ['http://127.0.0.1:1/x', 'Unhealthy'],
        ['http://127.0.0.1:1/x', 'Unhealthy'],
      ],
    );
  });
});
