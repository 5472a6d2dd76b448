import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Request } from '../../../api/client.ts';
import { objectIn } from '../../../api/entity.ts';
import { readSubGroups } from './sub-groups.ts';

/** Answers what is below the groups that were asked for. */
function company(children: Readonly<Record<string, readonly string[]>>) {
  const requests: Request[] = [];
  const client = async (request: Request): Promise<unknown> => {
    requests.push(request);
    const query = objectIn(request.body, 'query');
    const { $in: parents } = objectIn(query, 'relations.childOf');
    assert.ok(Array.isArray(parents));
    const items = parents.flatMap((parent) =>
      (children[String(parent).slice('group:default/'.length)] ?? []).map((name) => ({
        kind: 'Group',
        metadata: { name },
      })),
    );
    return { items, totalItems: items.length };
  };
  return { client, requests };
}

const signal = new AbortController().signal;

describe('readSubGroups', () => {
  it('finds every level below, with one request for each', async () => {
    const { client, requests } = company({ top: ['a', 'b'], a: ['a1'], b: ['b1', 'b2'] });
    const found = await readSubGroups(client, { refs: ['group:default/top'], signal });
    assert.deepEqual(
      found.map((ref) => ref.slice('group:default/'.length)),
      ['top', 'a', 'b', 'a1', 'b1', 'b2'],
    );
    assert.equal(requests.length, 3);
    assert.ok(requests.every(({ body }) => isObject(body)));
  });

  it('ends when groups are above each other in a circle', async () => {
    const { client } = company({ a: ['b'], b: ['a', 'c'] });
    const found = await readSubGroups(client, { refs: ['group:default/a'], signal });
    assert.equal(found.length, 3);
  });
});
