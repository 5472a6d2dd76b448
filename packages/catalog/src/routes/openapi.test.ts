import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { faultsOf, operationsOf, parametersOf, resolved, treeAt } from './openapi-faults.fixture.ts';
import { schemaCompiler } from './openapi-schemas.fixture.ts';
import { openCatalogApi } from './openapi.fixture.ts';
import { catalogOpenApi } from './openapi.ts';

/**
 * The operations of Backstage's catalog (catalog-backend 4.0.0): method and path, name, schema of the body, query
 * parameters. Generated clients depend on all of them.
 */
const BACKSTAGE_OPERATIONS = [
  'get /entities GetEntities - after,fields,filter,limit,offset,order',
  'get /entities/by-query GetEntitiesByQuery - cursor,fields,filter,fullTextFilterFields,fullTextFilterTerm,limit,offset,orderField,totalItems',
  'post /entities/by-query QueryEntitiesByPredicate QueryEntitiesByPredicateRequest -',
  'post /entities/by-refs GetEntitiesByRefs GetEntitiesByRefsRequest filter',
  'get /entities/by-uid/{uid} GetEntityByUid - -',
  'delete /entities/by-uid/{uid} DeleteEntityByUid - -',
  'get /entities/by-name/{kind}/{namespace}/{name} GetEntityByName - -',
  'get /entities/by-name/{kind}/{namespace}/{name}/ancestry GetEntityAncestryByName - -',
  'get /entity-facets GetEntityFacets - facet,filter',
  'post /entity-facets QueryEntityFacetsByPredicate QueryEntityFacetsByPredicateRequest -',
  'post /refresh RefreshEntity RefreshEntityRequest -',
  'get /locations GetLocations - -',
  'post /locations CreateLocation CreateLocationRequest dryRun,onConflict',
  'post /locations/by-query GetLocationsByQuery GetLocationsByQueryRequest -',
  'get /locations/{id} GetLocation - -',
  'put /locations/{id} UpdateLocation LocationInput -',
  'delete /locations/{id} DeleteLocation - -',
  'get /locations/by-entity/{kind}/{namespace}/{name} getLocationByEntity - -',
  'post /analyze-location AnalyzeLocation AnalyzeLocationRequest -',
  'post /validate-entity ValidateEntity ValidateEntityRequest -',
];

/** Its schemas, each with its properties. */
const BACKSTAGE_SCHEMAS = [
  'AnalyzeLocationEntityField description field state value',
  'AnalyzeLocationExistingEntity entity isRegistered location',
  'AnalyzeLocationGenerateEntity entity fields',
  'AnalyzeLocationRequest catalogFileName location',
  'AnalyzeLocationResponse existingEntityFiles generateEntities',
  'CreateLocation201Response entities exists location',
  'CreateLocationRequest target type',
  'EntitiesBatchResponse items',
  'EntitiesQueryResponse items pageInfo totalItems',
  'Entity apiVersion kind metadata relations spec',
  'EntityAncestryResponse items rootEntityRef',
  'EntityFacet count value',
  'EntityFacetsResponse facets',
  'EntityLink icon title type url',
  'EntityMeta annotations description etag labels links name namespace tags title uid',
  'EntityRelation targetRef type',
  'Error error request response',
  'GetEntitiesByRefsRequest entityRefs fields query',
  'GetLocations200ResponseInner data',
  'GetLocationsByQueryRequest cursor limit query',
  'JsonObject',
  'Location entityRef id target type',
  'LocationInput target type',
  'LocationSpec target type',
  'LocationsQueryResponse items pageInfo totalItems',
  'MapStringString',
  'NullableEntity',
  'QueryEntitiesByPredicateRequest cursor fields fullTextFilter limit offset orderBy query totalItems',
  'QueryEntityFacetsByPredicateRequest facets query',
  'RecursivePartialEntity apiVersion kind metadata relations spec',
  'RecursivePartialEntityMeta annotations description etag labels links name namespace tags title uid',
  'RecursivePartialEntityRelation targetRef type',
  'RefreshEntityRequest authorizationToken entityRef',
  'ValidateEntity400Response errors',
  'ValidateEntityRequest entity location',
];

describe('catalogOpenApi', () => {
  const document = catalogOpenApi();

  it('describes the routes that there are, and no others', async () => {
    await using api = await openCatalogApi();
    const described = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(described.toSorted(), api.routes.toSorted());
  });

  it('is what the catalog serves', async () => {
    await using api = await openCatalogApi();
    const served = await api.app.inject('/api/catalog/openapi.json');
    assert.deepEqual(served.json(), document);
  });

  it('is a valid OpenAPI document', () => {
    assert.deepEqual(faultsOf(document), []);
  });

  it('has schemas that hold together', () => {
    const compile = schemaCompiler(document);
    const { schemas } = document.components;
    for (const [name, schema] of Object.entries(schemas)) assert.doesNotThrow(() => compile(schema), name);
    for (const { item, method, path } of operationsOf(document)) {
      for (const { name, schema } of parametersOf(document, item)) {
        assert.doesNotThrow(
          () => compile(isObject(schema) ? schema : { no: 'schema' }),
          `${method} ${path} ${String(name)}`,
        );
      }
    }
  });

  it('gives examples that fit their schemas', () => {
    const compile = schemaCompiler(document);
    let count = 0;
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const examples: unknown = schema['examples'] ?? [];
      assert.ok(Array.isArray(examples));
      for (const example of examples) assert.deepEqual(compile(schema)(example), [], name);
      count += examples.length;
    }
    assert.notEqual(count, 0);
  });

  it('has every operation, body and parameter of Backstage under the same name', () => {
    const operations = new Map(
      operationsOf(document).map((found) => [`${found.method} ${found.path}`, found]),
    );
    for (const line of BACKSTAGE_OPERATIONS) {
      const [method = '', path = '', id, body, parameters = ''] = line.split(' ');
      const item = operations.get(`${method} ${path}`)?.item ?? {};
      assert.equal(item['operationId'], id, line);
      const reference = JSON.stringify(item['requestBody'] ?? '-');
      assert.ok(body === '-' ? reference === '"-"' : reference.includes(`/${body}"`), line);
      const names = new Set(parametersOf(document, item).map(({ name }) => name));
      for (const name of parameters.split(','))
        assert.ok(name === '-' || names.has(name), `${line}: ${name}`);
    }
  });

  it('has every schema of Backstage under the same name, with its properties', () => {
    for (const line of BACKSTAGE_SCHEMAS) {
      const [name = '', ...properties] = line.split(' ');
      const schema = resolved(document, { $ref: `#/components/schemas/${name}` });
      assert.notDeepEqual(schema, {}, line);
      const known = Object.keys(treeAt(schema, 'properties'));
      assert.deepEqual(
        properties.filter((property) => !known.includes(property)),
        [],
        line,
      );
    }
  });

  it('asks for a bearer token', () => {
    assert.deepEqual(document.security, [{ JWT: [] }]);
    assert.deepEqual(document.components.securitySchemes['JWT'], {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
    });
  });

  it('is relative to the URL it is told, or to where the catalog is served', () => {
    assert.deepEqual(document.servers, [{ url: '/api/catalog' }]);
    const serverUrl = 'https://portal.test/api/catalog';
    assert.deepEqual(catalogOpenApi({ serverUrl }).servers, [{ url: serverUrl }]);
  });
});

describe('faultsOf', () => {
  const text = JSON.stringify(catalogOpenApi());
  const cases = [
    ['"openapi":"3.1.0"', '"openapi":"2.0"', 'openapi is not 3.1.x'],
    ['"#/components/schemas/EntityLink"', '"#/components/schemas/EntityLonk"', 'EntityLonk leads nowhere'],
    ['"#/components/schemas/EntityLink"', '"#/components/schemas/EntityMeta"', 'EntityLink is never used'],
    ['"security":[{"JWT":[]}]', '"security":[{"JWS":[]}]', 'undeclared security scheme JWS'],
    ['"security":[{"JWT":[]}]', '"security":[]', 'the document has no security'],
    ['"GetEntityByUid"', '"GetEntities"', 'get /entities/by-uid/{uid} has no operationId of its own'],
    ['"/locations/{id}"', '"/locations/{ref}"', 'delete /locations/{ref} does not declare path ref'],
    ['"/locations/{id}"', '"/locations/any"', 'delete /locations/any has no place for path id'],
    ['"name":"name","in":"path","required":true', '"name":"name","in":"path"', 'does not require path name'],
    ['"tags":["Locations"]', '"tags":["Places"]', 'has the undeclared tag Places'],
    ['"204":', '"2xx":', 'has the status 2xx'],
    ['"204":', '"404":', 'delete /locations/{id} has no good answer'],
    ['"default":{"$ref"', '"418":{"$ref"', 'get /locations has no default answer'],
    ['{"description":"It is not registered any more."}', '{}', 'does not describe 204'],
    ['"requestBody":{"required":true,', '"requestBody":{', 'does not say whether it requires a body'],
  ] as const;
  for (const [before, after, fault] of cases) {
    it(`finds that ${fault} when ${before} is ${after}`, () => {
      assert.ok(text.includes(before));
      const faults = faultsOf(JSON.parse(text.replaceAll(before, after)));
      assert.ok(
        faults.some((found) => found.includes(fault)),
        faults.join('\n'),
      );
    });
  }
});
