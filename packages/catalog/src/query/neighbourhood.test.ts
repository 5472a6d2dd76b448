import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createRelationEdges, RELATION_PAIRS, type EntityMeta, type JsonObject } from '@callboard/model';
import { toStoredJson } from '../index/compose.ts';
import { EntityIndex, type StoredEntity } from '../index/entity-index.ts';
import { neighbourhood, type GraphEdge, type Neighbourhood } from './neighbourhood.ts';
import type { NeighbourhoodRequest } from './neighbourhood-parameters.ts';

const edgeOf = createRelationEdges();

/** Relations as `source type target`; each is emitted by an entity that need not be its source. */
function stored(
  ref: string,
  emitted: readonly string[] = [],
  more: { metadata?: Partial<EntityMeta>; spec?: JsonObject } = {},
): StoredEntity {
  const [kind = '', namespace = '', name = ''] = ref.split(/[:/]/);
  const { metadata = {}, spec = {} } = more;
  const entity = { apiVersion: 'x/v1', kind, metadata: { name, namespace, ...metadata }, spec };
  return {
    uid: Buffer.from(ref).toString('hex').padEnd(36, '0').slice(0, 36),
    ref,
    entity: toStoredJson(entity),
    emitted: emitted.flatMap((relation) => relation.split(' ')),
    errors: null,
    sources: ['provider:p'],
  };
}

function indexOf(...entities: readonly StoredEntity[]): EntityIndex {
  const index = new EntityIndex();
  index.apply({ upserted: entities, deleted: [] });
  return index;
}

function ask(roots: readonly string[], more: Partial<NeighbourhoodRequest> = {}): NeighbourhoodRequest {
  return { roots, depth: 1, direction: 'both', relations: [], kinds: [], limit: 2_000, ...more };
}

/** Both relations of a pair, as the model emits them. */
function pair(source: string, type: keyof typeof RELATION_PAIRS, target: string): string[] {
  return [`${source} ${type} ${target}`, `${target} ${RELATION_PAIRS[type].reverse} ${source}`];
}

const texts = ({ edges }: Neighbourhood): string[] => edges.map((edge) => textOf(edge));
const textOf = ({ from, type, to }: GraphEdge): string => `${from} ${type} ${to}`;
const refs = ({ nodes }: Neighbourhood): string[] => nodes.map(({ ref, depth }) => `${depth} ${ref}`);

const [WEB, API, DB, TEAM, ORG] = ['c:n/web', 'a:n/api', 'r:n/db', 'g:n/team', 'g:n/org'] as const;
const shop = (): EntityIndex =>
  indexOf(
    stored(WEB, [
      ...pair(WEB, 'ownedBy', TEAM),
      ...pair(WEB, 'consumesApi', API),
      ...pair(WEB, 'dependsOn', 'c:n/gone'),
    ]),
    stored(API, pair(API, 'ownedBy', TEAM)),
    stored(DB, pair(DB, 'dependencyOf', WEB)),
    stored(ORG, pair(ORG, 'parentOf', TEAM)),
    stored(TEAM),
  );

describe('neighbourhood', () => {
  it('makes one edge of the two relations of a pair, in the direction of the one that names the other', () => {
    const found = neighbourhood(shop(), ask([WEB]), edgeOf);
    assert.deepEqual(refs(found), [`0 ${WEB}`, `1 ${API}`, '1 c:n/gone', `1 ${TEAM}`, `1 ${DB}`]);
    assert.deepEqual(texts(found), [
      `${API} ownedBy ${TEAM}`,
      `${WEB} consumesApi ${API}`,
      `${WEB} dependsOn c:n/gone`,
      `${WEB} ownedBy ${TEAM}`,
      `${WEB} dependsOn ${DB}`,
    ]);
    assert.deepEqual([found.truncated, found.total, found.roots], [false, 5, [WEB]]);
  });

  it('follows edges forward, backward, or both ways, as far as it is told', () => {
    const index = shop();
    const walked = (direction: 'in' | 'out' | 'both', depth = 1): string[] =>
      refs(neighbourhood(index, ask([TEAM], { direction, depth }), edgeOf));
    assert.deepEqual(walked('out'), [`0 ${TEAM}`, `1 ${ORG}`]);
    assert.deepEqual(walked('in'), [`0 ${TEAM}`, `1 ${API}`, `1 ${WEB}`]);
    assert.deepEqual(walked('in', 2), walked('in'));
    assert.equal(walked('both', 2).length, 6);
  });

  it('follows relations by either name of a pair, and walks to the kinds that are asked for', () => {
    const index = shop();
    for (const name of ['ownedby', 'ownerof']) {
      const found = neighbourhood(index, ask([WEB], { relations: [name], depth: 3 }), edgeOf);
      assert.deepEqual(texts(found), [`${API} ownedBy ${TEAM}`, `${WEB} ownedBy ${TEAM}`]);
    }
    const found = neighbourhood(index, ask([WEB], { kinds: ['a', 'r'], depth: 3 }), edgeOf);
    assert.deepEqual(refs(found), [`0 ${WEB}`, `1 ${API}`, `1 ${DB}`]);
  });

  it('shows what is missing, and goes no further from there', () => {
    const index = indexOf(
      stored(WEB, pair(WEB, 'dependsOn', 'c:n/gone')),
      stored(DB, pair(DB, 'dependsOn', 'c:n/gone')),
    );
    const found = neighbourhood(index, ask([WEB], { depth: 10 }), edgeOf);
    assert.deepEqual(found.nodes[1], {
      ref: 'c:n/gone',
      kind: 'c',
      namespace: 'n',
      name: 'gone',
      title: null,
      type: null,
      depth: 1,
      exists: false,
      description: null,
    });
    assert.deepEqual(texts(found), [`${WEB} dependsOn c:n/gone`]);
  });

  it('finds relations that only one of the two has, and those of no pair as they are', () => {
    const index = indexOf(
      stored(WEB, [`${WEB} dependsOn ${DB}`, `${WEB} likes ${API}`]),
      stored(DB),
      stored(API, [`${API} LIKES ${WEB}`]),
    );
    for (const ref of [WEB, DB, API]) {
      const found = neighbourhood(index, ask([ref], { depth: 2 }), edgeOf);
      assert.deepEqual(texts(found), [
        `${API} LIKES ${WEB}`,
        `${WEB} likes ${API}`,
        `${WEB} dependsOn ${DB}`,
      ]);
    }
  });

  it('says of each node what it is', () => {
    const description = `${'x'.repeat(199)}🙂 and so on`;
    const index = indexOf(
      stored(WEB, [], { metadata: { title: 'The web', description }, spec: { type: 'website' } }),
    );
    assert.deepEqual(neighbourhood(index, ask([WEB]), edgeOf).nodes, [
      {
        ref: WEB,
        kind: 'c',
        namespace: 'n',
        name: 'web',
        title: 'The web',
        type: 'website',
        depth: 0,
        exists: true,
        description: 'x'.repeat(199),
      },
    ]);
  });

  it('stops at the limit, keeps the nearest and the first, and always the roots', () => {
    const index = shop();
    const limited = neighbourhood(index, ask([WEB], { limit: 3, depth: 2 }), edgeOf);
    assert.deepEqual(refs(limited), [`0 ${WEB}`, `1 ${API}`, '1 c:n/gone']);
    assert.deepEqual([limited.truncated, limited.total], [true, 5]);
    const whole = neighbourhood(index, ask([WEB], { limit: 5 }), edgeOf);
    assert.deepEqual([whole.truncated, whole.total], [false, 5]);
    const cut = neighbourhood(index, ask([WEB], { limit: 5, depth: 2 }), edgeOf);
    assert.deepEqual([cut.truncated, cut.total, cut.nodes.length], [true, 6, 5]);
    const roots = neighbourhood(index, ask([WEB, TEAM, DB], { limit: 1, kinds: ['none'] }), edgeOf);
    assert.deepEqual(refs(roots), [`0 ${WEB}`, `0 ${TEAM}`, `0 ${DB}`]);
    assert.equal(roots.truncated, false);
  });

  it('finds what a naive walk over the relations of all entities finds', () => {
    const names = ['c:n/a', 'c:n/b', 'c:n/c', 'd:n/e', 'd:n/f', 'd:n/g'];
    const relation = fc.tuple(
      fc.constantFrom(...names),
      fc.constantFrom('dependsOn', 'dependencyOf', 'ownedBy', 'ownerOf', 'likes', 'Likes'),
      fc.constantFrom(...names),
      fc.boolean(),
    );
    const emitted = fc.array(relation, { maxLength: 5 });
    const change = fc.record({ ref: fc.constantFrom(...names), emitted, gone: fc.boolean() });
    const request = fc.record({
      roots: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }),
      depth: fc.integer({ min: 1, max: 4 }),
      direction: fc.constantFrom('both', 'out', 'in'),
      relations: fc.constantFrom([], ['dependson'], ['ownerof', 'likes']),
      kinds: fc.constantFrom([], ['c'], ['d', 'x']),
      limit: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), request, (changes, asked) => {
        const index = new EntityIndex();
        for (const { ref, emitted: relations, gone } of changes) {
          const both = relations.flatMap(([source, type, target, paired]) => {
            const known = Object.values(RELATION_PAIRS).find((each) => each.type === type);
            const reverse = paired && known !== undefined ? [`${target} ${known.reverse} ${source}`] : [];
            return [`${source} ${type} ${target}`, ...reverse];
          });
          if (gone) index.apply({ upserted: [], deleted: [ref] });
          else index.apply({ upserted: [stored(ref, both)], deleted: [] });
        }
        const roots = asked.roots.filter((ref) => index.ordinalOf(ref) !== undefined);
        fc.pre(roots.length > 0);
        const { nodes, edges, truncated, total } = neighbourhood(index, { ...asked, roots }, edgeOf);
        const naive = naiveWalk(index, { ...asked, roots });
        assert.deepEqual(
          nodes.map(({ ref, depth }) => [ref, depth]),
          naive.nodes,
        );
        assert.deepEqual(edges.map(textOf).toSorted(), naive.edges);
        assert.equal(truncated, naive.all > nodes.length);
        assert.ok(total >= nodes.length && total <= naive.all && (!truncated || total > nodes.length));
        for (const { ref, exists } of nodes) assert.equal(exists, index.ordinalOf(ref) !== undefined);
      }),
      { numRuns: 500 },
    );
  });
});

/** Collects all edges of all entities, then grows the roots by them, one step at a time. */
function naiveWalk(
  index: EntityIndex,
  { roots, depth, direction, relations, kinds, limit }: NeighbourhoodRequest,
): { nodes: [string, number][]; edges: string[]; all: number } {
  const all = new Map<string, GraphEdge>();
  for (const ordinal of index.live) {
    const from = index.refOf(ordinal);
    for (const { type, targetRef } of index.entityOf(ordinal).relations ?? []) {
      const edge =
        type === 'ownerOf' || type === 'dependencyOf'
          ? { from: targetRef, to: from, type: type === 'ownerOf' ? 'ownedBy' : 'dependsOn' }
          : { from, to: targetRef, type };
      const names = [edge.type, type === edge.type ? [] : type].flat();
      if (edge.type === 'ownedBy') names.push('ownerOf');
      if (edge.type === 'dependsOn') names.push('dependencyOf');
      if (relations.length > 0 && !names.some((name) => relations.includes(name.toLowerCase()))) continue;
      all.set(textOf(edge), edge);
    }
  }
  const depths = new Map<string, number>(roots.map((ref) => [ref, 0]));
  for (let at = 1; at <= depth; at++) {
    const before = [...depths].filter(([ref]) => index.ordinalOf(ref) !== undefined).map(([ref]) => ref);
    for (const { from, to } of all.values()) {
      for (const [here, there, way] of [
        [from, to, 'out'],
        [to, from, 'in'],
      ] as const) {
        if (!before.includes(here) || depths.has(there) || (direction !== 'both' && direction !== way))
          continue;
        if (kinds.length === 0 || kinds.includes(there.replace(/:.*/, ''))) depths.set(there, at);
      }
    }
  }
  const sorted = [...depths].toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  const nodes = sorted.slice(0, Math.max(limit, roots.length));
  const shown = new Set(nodes.map(([ref]) => ref));
  const edges = [...all].filter(([, { from, to }]) => shown.has(from) && shown.has(to)).map(([text]) => text);
  return { nodes, edges: edges.toSorted(), all: depths.size };
}
