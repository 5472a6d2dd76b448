import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPortalFetch } from './portal-fetch.ts';

const ORIGIN = 'https://portal.example';

interface Sent {
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** A portal that takes the token `second` and no other. */
function world(): { readonly fetch: typeof globalThis.fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch = createPortalFetch({
    origin: ORIGIN,
    session: { token: async () => 'first', renew: async () => 'second' },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const authorization = request.headers.get('Authorization');
      sent.push({ url: request.url, authorization, body: await request.text() });
      return new Response(null, { status: authorization === 'Bearer first' ? 401 : 200 });
    },
  });
  return { fetch, sent };
}

describe('createPortalFetch', () => {
  it('renews a token that is refused, and sends the body again', async () => {
    const { fetch, sent } = world();
    const { status } = await fetch('/api/x', { method: 'POST', body: 'hello' });
    assert.equal(status, 200);
    assert.deepEqual(sent, [
      { url: `${ORIGIN}/api/x`, authorization: 'Bearer first', body: 'hello' },
      { url: `${ORIGIN}/api/x`, authorization: 'Bearer second', body: 'hello' },
    ]);
  });

  it('gives the token to no other origin', async () => {
    const { fetch, sent } = world();
    await fetch('https://elsewhere.example/api/x');
    await fetch('https://portal.example.elsewhere.example/');
    await fetch(new URL('http://portal.example/'));
    assert.deepEqual(
      sent.map(({ authorization }) => authorization),
      [null, null, null],
    );
  });

  it('leaves a header that is given alone', async () => {
    const { fetch, sent } = world();
    await fetch(`${ORIGIN}/api/x`, { headers: { Authorization: 'Basic abc' } });
    assert.deepEqual(
      sent.map(({ authorization }) => authorization),
      ['Basic abc'],
    );
  });

  it("knows Backstage's short form", async () => {
    const { fetch, sent } = world();
    await fetch('plugin://catalog/entities?filter=kind=api');
    assert.equal(sent.at(-1)?.url, `${ORIGIN}/api/catalog/entities?filter=kind=api`);
  });
});
