import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { humanizeEntityRef, presentationOf } from '../apis/presentation.ts';
import { catalogModel } from './catalog-model.ts';

const entity = { kind: 'Component', metadata: { name: 'Booking', title: 'Booking service' }, spec: {} };

describe('catalogModel', () => {
  it('reads and writes references', () => {
    assert.deepEqual(catalogModel.parseEntityRef('booking', { defaultKind: 'component' }), {
      kind: 'component',
      namespace: 'default',
      name: 'booking',
    });
    assert.equal(catalogModel.stringifyEntityRef(entity), 'component:default/booking');
    assert.equal(catalogModel.stringifyEntityRef({ kind: 'API', name: 'x' }), 'api:default/x');
    assert.throws(() => catalogModel.parseEntityRef('booking'), /“booking”/);
  });

  it('has the relations by name', () => {
    assert.equal(Reflect.get(catalogModel, 'RELATION_OWNED_BY'), 'ownedBy');
    assert.equal(Reflect.get(catalogModel, 'RELATION_API_CONSUMED_BY'), 'apiConsumedBy');
  });

  it('knows kinds in whichever case', () => {
    assert.equal(catalogModel.isComponentEntity(entity), true);
    assert.equal(catalogModel.isGroupEntity(entity), false);
  });
});

describe('humanizeEntityRef', () => {
  it('leaves out what goes without saying', () => {
    assert.equal(humanizeEntityRef(entity), 'component:Booking');
    assert.equal(humanizeEntityRef(entity, { defaultKind: 'Component' }), 'Booking');
    assert.equal(humanizeEntityRef('group:travel/fares', { defaultKind: 'group' }), 'travel/fares');
    assert.equal(humanizeEntityRef(entity, { defaultNamespace: false }), 'component:default/Booking');
  });
});

describe('presentationOf', () => {
  it('prefers titles', () => {
    assert.equal(presentationOf(entity).primaryTitle, 'Booking service');
    assert.equal(presentationOf('user:default/anna').primaryTitle, 'anna');
  });
});
