import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPageConfig, pageConfigData } from './page-config.ts';

const config = createPageConfig({
  app: { title: 'Portal', port: 80, on: true, tags: ['a'], links: [{ url: 'u' }], gone: null },
});

describe('createPageConfig', () => {
  it('reads values by dotted keys', () => {
    assert.equal(config.getString('app.title'), 'Portal');
    assert.equal(config.getOptionalNumber('app.port'), 80);
    assert.equal(config.getBoolean('app.on'), true);
    assert.deepEqual(config.getStringArray('app.tags'), ['a']);
    assert.equal(config.getConfig('app').getConfigArray('links')[0]?.getString('url'), 'u');
  });

  it('knows nothing of what is null or absent', () => {
    assert.equal(config.has('app.gone'), false);
    assert.equal(config.getOptionalString('app.none.more'), undefined);
    assert.equal(config.getOptionalConfig('constructor'), undefined);
  });

  it('says where a value is missing or of another type', () => {
    assert.throws(() => config.getString('app.none'), /“app\.none”/);
    assert.throws(() => config.getConfig('app').getString('port'), /text at “app\.port”/);
  });
});

describe('pageConfigData', () => {
  it('lets later contexts win key by key', () => {
    const text = JSON.stringify([
      { context: 'a', data: { app: { title: 'A', x: 1 } } },
      { context: 'b', data: { app: { title: 'B' } } },
      'nonsense',
    ]);
    assert.deepEqual(pageConfigData(text), { app: { title: 'B', x: 1 } });
  });

  it('is empty where there is none', () => {
    assert.deepEqual(pageConfigData(null), {});
    assert.deepEqual(pageConfigData('<'), {});
  });
});
