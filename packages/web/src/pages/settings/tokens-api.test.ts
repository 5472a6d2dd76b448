import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Request } from '../../api/client.ts';
import { createTokensApi, type TokensApi } from './tokens-api.ts';

const ITEM = {
  id: 't1',
  name: 'nightly',
  createdAt: '2025-06-15T12:00:00.000Z',
  expiresAt: '2025-09-15T12:00:00.000Z',
  lastUsedAt: null,
};

function server(answer: unknown): { readonly api: TokensApi; readonly asked: Request[] } {
  const asked: Request[] = [];
  const api = createTokensApi(async (request) => {
    asked.push(request);
    return answer;
  });
  return { api, asked };
}

describe('createTokensApi', () => {
  it('lists tokens', async () => {
    const { api } = server({ items: [ITEM] });
    assert.deepEqual(await api.list(), [
      {
        id: 't1',
        name: 'nightly',
        createdAt: new Date(ITEM.createdAt),
        expiresAt: new Date(ITEM.expiresAt),
        lastUsedAt: null,
      },
    ]);
  });

  it('makes one with a name and a number of days', async () => {
    const { api, asked } = server({ ...ITEM, token: 'cbp_x' });
    const made = await api.create({ name: 'nightly', expiresInDays: 7 });
    assert.equal(made.token, 'cbp_x');
    assert.deepEqual(asked, [
      { path: '/api/auth/v1/personal-tokens', body: { name: 'nightly', expiresInDays: 7 } },
    ]);
  });

  it('revokes one by its id', async () => {
    const { api, asked } = server(null);
    await api.revoke('a/b');
    assert.deepEqual(asked, [{ path: '/api/auth/v1/personal-tokens/a%2Fb', method: 'DELETE' }]);
  });

  it('does not take nonsense for no tokens, or for a new one', async () => {
    const { api } = server({ hello: 'world' });
    await assert.rejects(api.list(), { status: 502, name: 'AnswerError' });
    await assert.rejects(server({ items: [{ name: 'without an id' }] }).api.list(), { status: 502 });
    await assert.rejects(api.create({ name: 'x', expiresInDays: 1 }), { status: 502 });
  });
});
