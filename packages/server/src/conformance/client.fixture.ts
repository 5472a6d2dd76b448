/** Backstage's client for tests: what it was asked for, what it was refused, and what comes a little later. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CatalogClient } from '@backstage/catalog-client';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { isObject } from '@callboard/model';

/** The methods that are tested in `catalog-client.test.ts`. */
export const ENTITY_METHODS = [
  'getEntities',
  'getEntitiesByRefs',
  'getEntityAncestors',
  'getEntityByName',
  'getEntityByRef',
  'getEntityFacets',
  'queryEntities',
  'refreshEntity',
  'removeEntityByUid',
  'streamEntities',
];

/** The methods that are tested in `catalog-client-locations.test.ts`. */
export const LOCATION_METHODS = [
  'addLocation',
  'analyzeLocation',
  'getLocationByEntity',
  'getLocationById',
  'getLocationByRef',
  'getLocations',
  'queryLocations',
  'removeLocationById',
  'streamLocations',
  'updateLocation',
  'validateEntity',
];

const INTERNAL = [
  'constructor',
  'getEntityFacetsByPredicate',
  'getFilterValue',
  'queryEntitiesByPredicate',
  'requestIgnored',
  'requestOptional',
  'requestRequired',
];

/** Every public method of the installed client. */
export function clientMethods(): string[] {
  return Object.getOwnPropertyNames(CatalogClient.prototype).filter((name) => !INTERNAL.includes(name));
}

/** The client, and the names of its methods as they are called. */
export function recording(target: CatalogClient): { client: CatalogClient; called: ReadonlySet<string> } {
  const called = new Set<string>();
  const client = new Proxy(target, {
    get: (of, name, receiver) => {
      called.add(String(name));
      return Reflect.get(of, name, receiver);
    },
  });
  return { client, called };
}

/** The text of a component in the namespace `shop`. */
export function component(name: string): string {
  return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name}, title: ${name}, namespace: shop }
spec: { type: service, lifecycle: production, owner: team-0 }
`;
}

/** Asks until the answer is right, and gives the last one: what a source brings is visible soon, not at once. */
export async function eventually<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 250; attempt++) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    await delay(20);
  }
  return ask();
}

/** The status and the name of the error that the portal answered with. */
export async function refusal(answer: Promise<unknown>): Promise<[status: unknown, name: unknown]> {
  try {
    await answer;
  } catch (error) {
    assert.ok(error instanceof Error && 'statusCode' in error && 'body' in error, String(error));
    const { statusCode, body } = error;
    return [statusCode, isObject(body) && isObject(body['error']) ? body['error']['name'] : null];
  }
  return assert.fail('The request was answered.');
}

export async function collect<T>(pages: AsyncIterable<T[]>): Promise<T[][]> {
  const all: T[][] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** The references of entities, in their order. */
export const refs = (items: readonly Entity[]): string[] => items.map((item) => stringifyEntityRef(item));
