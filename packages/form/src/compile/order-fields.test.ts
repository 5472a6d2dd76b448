import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { FieldId, FormGraph } from '../graph.ts';
import { compileForm } from './compile-form.ts';
import { componentsOf } from './components.ts';

const RUNS = process.env['CALLBOARD_LONG'] === '1' ? 5000 : 100;

/** For each field, which fields it reads; by their numbers. */
const reads = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.array(fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: 3 }), {
    minLength: count,
    maxLength: count,
  }),
);

const acyclic = reads.map((all) => all.map((read, index) => read.filter((other) => other < index)));

const RULES = ['ui:visible', 'ui:disabled', 'ui:default', 'ui:enum'];

function formOf(all: readonly (readonly number[])[]): Promise<FormGraph> {
  const properties = all.map((read, index) => [
    `f${index}`,
    read.length === 0
      ? {}
      : { [RULES[index % RULES.length] ?? '']: read.map((other) => `$exists(form.f${other})`).join(' and ') },
  ]);
  return compileForm({ pages: [{ properties: Object.fromEntries(properties) }] });
}

function positions({ fields }: FormGraph): ReadonlyMap<FieldId, number> {
  return new Map(fields.map(({ id }, index) => [id, index]));
}

describe('order of fields', () => {
  it('has everything that a field is made of before it, whatever rings there were', async () => {
    await fc.assert(
      fc.asyncProperty(reads, async (all) => {
        const graph = await formOf(all);
        const place = positions(graph);
        assert.equal(graph.fields.length, all.length);
        for (const [index, { id, dependsOn }] of graph.fields.entries()) {
          for (const other of dependsOn)
            assert.ok((place.get(other) ?? index) < index, `${id} before ${other}`);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves out only rules that close a ring, and names only rings that are there', async () => {
    await fc.assert(
      fc.asyncProperty(reads, async (all) => {
        const graph = await formOf(all);
        for (const { code, summary } of graph.diagnostics) {
          assert.equal(code, 'form/cycle');
          const ring = [...summary.matchAll(/f(\d+)/g)].map(([, number]) => Number(number));
          assert.equal(ring[0], ring.at(-1));
          for (const [index, from] of ring.slice(0, -1).entries()) {
            assert.ok(all[from]?.includes(ring[index + 1] ?? -1), summary);
          }
        }
        const left = graph.fields.filter(
          ({ dependsOn, id }) => dependsOn.length === 0 && all[Number(id.slice(2))]?.length !== 0,
        );
        assert.equal(left.length, graph.diagnostics.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps every rule of a form without rings', async () => {
    await fc.assert(
      fc.asyncProperty(acyclic, async (all) => {
        const graph = await formOf(all);
        assert.deepEqual(graph.diagnostics, []);
        const made = new Map(graph.fields.map(({ id, dependsOn }) => [id, dependsOn.toSorted()]));
        for (const [index, read] of all.entries()) {
          assert.deepEqual(made.get(`/f${index}`), read.map((other) => `/f${other}`).toSorted());
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('componentsOf', () => {
  it('puts nodes together that lead to each other, and no others', () => {
    fc.assert(
      fc.property(reads, (all) => {
        const nodes = all.map((_, index) => index);
        const component = componentsOf(nodes, (node) => all[node] ?? []);
        const reached = nodes.map((node) => reachable(node, all));
        for (const a of nodes) {
          for (const b of nodes) {
            const isSame = a === b || (reached[a]?.has(b) === true && reached[b]?.has(a) === true);
            assert.equal(component.get(a) === component.get(b), isSame);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

function reachable(start: number, all: readonly (readonly number[])[]): ReadonlySet<number> {
  const found = new Set<number>();
  const waiting = [...(all[start] ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(all[next] ?? []));
  }
  return found;
}
