import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import {
  faultsOf,
  operationsOf,
  resolved,
  schemaCompiler,
  treeAt,
} from '../../../kernel/src/http/openapi-faults.fixture.ts';
import { imagesOpenApi } from './openapi.ts';
import { openPortal } from './portal.fixture.ts';

describe('imagesOpenApi', () => {
  const document = imagesOpenApi();

  it('describes the routes that there are, and no others', async () => {
    await using portal = await openPortal();
    const described = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(described.toSorted(), portal.routes.toSorted());
  });

  it('is what is served', async () => {
    await using portal = await openPortal();
    const served = await portal.app.inject('/api/images/openapi.json');
    assert.deepEqual(served.json(), document);
  });

  it('is whole: nothing leads nowhere, is never used, or is not described', () => {
    assert.deepEqual(faultsOf(document), []);
  });

  it('has schemas that hold together', () => {
    const compile = schemaCompiler(document);
    for (const [name, of] of Object.entries(document.components.schemas)) {
      assert.doesNotThrow(() => compile(of), name);
    }
    for (const { item, path } of operationsOf(document)) {
      const parameters = item['parameters'] ?? [];
      assert.ok(Array.isArray(parameters));
      for (const parameter of parameters) {
        assert.doesNotThrow(() => compile(treeAt(resolved(document, parameter), 'schema')), path);
      }
    }
  });

  it('names the parameters that the routes take', async () => {
    await using portal = await openPortal();
    for (const { item, method, path } of operationsOf(document)) {
      if (method !== 'get' || path === '/records/{hash}') continue;
      const refused = await portal.app.inject(`/api/images${path.replace('{id}', 'p-3')}?colour=red`);
      const known = /this route takes (.*)\.$/.exec(messageIn(refused.json()))?.[1];
      const parameters = item['parameters'] ?? [];
      assert.ok(Array.isArray(parameters));
      const named = parameters.filter((one) => isObject(one) && one['in'] === 'query');
      const names = named.map((one: unknown) => String(isObject(one) ? one['name'] : ''));
      const sorted = known === 'none' ? [] : known?.split(', ').toSorted();
      assert.deepEqual(sorted, names.toSorted(), path);
    }
  });
});

function messageIn(answer: unknown): string {
  return isObject(answer) && isObject(answer['error']) ? String(answer['error']['message']) : '';
}

describe('faultsOf', () => {
  const text = JSON.stringify(imagesOpenApi());
  const cases = [
    ['"#/components/schemas/ImageAt"', '"#/components/schemas/ImageOf"', 'schemas/ImageOf leads nowhere'],
    ['"#/components/schemas/ImageAt"', '"#/components/schemas/Platform"', 'schemas/ImageAt is never used'],
    ['"GetPatch"', '"ListPatches"', 'get /patches/{id} has no operationId of its own'],
    ['"/records/{hash}"', '"/records/{name}"', 'get /records/{name} declares path hash'],
    ['"in":"path","required":true', '"in":"path"', 'does not require hash'],
    ['"tags":["Status"]', '"tags":["Room"]', 'get /figures has not one declared tag'],
    ['"400":', '"418":', 'get /figures has no answer 400'],
    ['"description":"The patch."', '"describes":"The patch."', 'get /patches/{id} does not describe 200'],
  ] as const;
  for (const [before, after, fault] of cases) {
    it(`finds that ${fault} when ${before} is ${after}`, () => {
      assert.ok(text.includes(before));
      const changed: unknown = JSON.parse(text.replaceAll(before, after));
      const faults = faultsOf(isObject(changed) ? changed : {});
      assert.ok(
        faults.some((found) => found.includes(fault)),
        faults.join('\n'),
      );
    });
  }
});
