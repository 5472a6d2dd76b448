import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNeighbourhoodParameters } from './neighbourhood-parameters.ts';

describe('parseNeighbourhoodParameters', () => {
  it('reads what is given, and has a default for the rest', () => {
    assert.deepEqual(parseNeighbourhoodParameters('ref=Component:Shop'), {
      roots: ['component:default/shop'],
      depth: 1,
      direction: 'both',
      relations: [],
      kinds: [],
      limit: 2_000,
    });
    assert.deepEqual(
      parseNeighbourhoodParameters(
        'ref=api:n/b&ref=component:a&ref=API:N/B&depth=10&direction=in&relation=dependsOn&relation=ownedBy&kind=API&limit=5000&x=y',
      ),
      {
        roots: ['api:n/b', 'component:default/a'],
        depth: 10,
        direction: 'in',
        relations: ['dependson', 'ownedby'],
        kinds: ['api'],
        limit: 5_000,
      },
    );
  });

  for (const [query, message] of [
    ['', /'ref'/],
    ['depth=2', /'ref'/],
    ['ref=', /'ref'/],
    ['ref=shop', /kind:\[namespace\/\]name/],
    ['ref=component:a/', /query\/ref/],
    ['ref=c:a&depth=0', /depth must be between 1 and 10/],
    ['ref=c:a&depth=11', /depth must be between 1 and 10/],
    ['ref=c:a&depth=1.5', /depth must be integer/],
    ['ref=c:a&depth=1&depth=2', /depth must be integer/],
    ['ref=c:a&direction=up', /one of both, out, in/],
    ['ref=c:a&direction=in&direction=out', /direction/],
    ['ref=c:a&limit=5001', /limit must be between 1 and 5000/],
    ['ref=c:a&limit=-1', /limit/],
    ['ref=c:a&kind=', /'kind'/],
    ['ref=c:a&relation=x&relation=', /'relation'/],
  ] as const) {
    it(`refuses '${query}'`, () => {
      assert.throws(() => parseNeighbourhoodParameters(query), {
        code: 'catalog/invalid-parameter',
        status: 400,
        message,
      });
    });
  }
});
