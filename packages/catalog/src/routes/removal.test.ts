import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RemovalPreview } from '../removal.ts';
import { fill, openCatalogApi, PREFIX } from './openapi.fixture.ts';

describe('GET /entities/by-name/{kind}/{namespace}/{name}/removal', () => {
  it('says what DELETE /locations/{id} then takes away', async () => {
    await using api = await openCatalogApi();
    await fill(api);
    const answer = await api.app.inject(`${PREFIX}/entities/by-name/Component/default/Web/removal`);
    const { location, unregister } = answer.json<RemovalPreview>();
    assert.equal(unregister.total, 2);
    const { statusCode } = await api.app.inject({
      method: 'DELETE',
      url: `${PREFIX}/locations/${location?.id ?? ''}`,
    });
    assert.equal(statusCode, 204);
    for (const ref of unregister.entityRefs) assert.equal(api.catalog.index.ordinalOf(ref), undefined, ref);
  });
});
