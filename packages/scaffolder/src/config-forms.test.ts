import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configFrom, secretValues } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { scaffolderConfigSchema } from './config-schema.ts';
import { parseFormSettings } from './config-forms.ts';
import { readValues } from './config-values.ts';

function parsed(config: JsonObject) {
  const wrong: (string | undefined)[] = [];
  const settings = parseFormSettings(readValues(configFrom(config), ({ path }) => void wrong.push(path)));
  return { ...settings, wrong };
}

const endpoints = (of: JsonObject): JsonObject => ({ scaffolder: { forms: { endpoints: of } } });

describe('parseFormSettings', () => {
  it('has nothing by itself', () => {
    assert.deepEqual(parsed({}), { endpoints: new Map(), allow: [], wrong: [] });
    assert.deepEqual(parsed({ scaffolder: { forms: null }, proxy: null }).wrong, []);
  });

  it('reads endpoints with what may be asked of them', () => {
    const { endpoints: found, wrong } = parsed(
      endpoints({
        inventory: {
          target: 'https://inventory.harbourline.example/api/',
          headers: { Authorization: 'Bearer hunter22', 'X-Version': 2 },
          methods: ['get', 'POST'],
          paths: ['/accounts'],
          timeout: '3s',
          cache: { minutes: 1 },
          maxSize: '500kB',
        },
        plain: { target: 'http://localhost:7000' },
      }),
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual(found.get('inventory'), {
      target: 'https://inventory.harbourline.example/api',
      headers: { Authorization: 'Bearer hunter22', 'X-Version': '2' },
      methods: ['GET', 'POST'],
      paths: ['/accounts'],
      allowedHeaders: null,
      rewrites: [],
      timeout: 3_000,
      cache: 60_000,
      maxSize: 500_000,
    });
    const { target, methods, timeout, cache, maxSize } = found.get('plain') ?? {};
    assert.deepEqual(
      [target, methods, timeout, cache, maxSize],
      ['http://localhost:7000', ['GET'], 10_000, 30_000, 2_000_000],
    );
  });

  it('leaves out what could send something where it should not go, and says so', () => {
    const target = 'https://inventory.harbourline.example';
    const { endpoints: found, wrong } = parsed(
      endpoints({
        'a/b': { target },
        text: 'https://inventory.harbourline.example',
        login: { target: 'https://anna:hunter22@inventory.harbourline.example' },
        query: { target: `${target}?token=hunter22` },
        file: { target: 'file:///etc' },
        header: { target, headers: { 'X-A': 'a\nb' } },
        paths: { target, paths: ['accounts'] },
        odd: { target, methods: ['DELETE', 'GET'], maxSize: '1TB', timeout: 'soon' },
      }),
    );
    assert.deepEqual([...found.keys()], ['odd']);
    assert.deepEqual(found.get('odd')?.methods, ['GET']);
    const key = 'scaffolder.forms.endpoints';
    assert.deepEqual(wrong, [
      `${key}.a/b`,
      `${key}.text`,
      `${key}.login.target`,
      `${key}.query.target`,
      `${key}.file.target`,
      `${key}.header.headers.X-A`,
      `${key}.paths.paths`,
      `${key}.odd.methods`,
      `${key}.odd.timeout`,
      `${key}.odd.maxSize`,
    ]);
  });

  it('reads hosts that templates may name', () => {
    const allow = [
      { host: 'API.harbourline.example:443', paths: ['/v1'] },
      { host: 'https://x.example' },
      { host: 'a@x.example' },
      'x.example',
      { host: 'x.example', paths: 'v1' },
    ];
    const { allow: found, wrong } = parsed({ scaffolder: { forms: { allow } } });
    assert.deepEqual(found, [{ host: 'api.harbourline.example', paths: ['/v1'] }]);
    const key = 'scaffolder.forms.allow';
    assert.deepEqual(wrong, [`${key}[1]`, `${key}[2]`, `${key}[3]`, `${key}[4].paths`]);
    assert.deepEqual(parsed({ scaffolder: { forms: { allow: 'x' } } }).wrong, [key]);
  });

  it("takes the endpoints of Backstage's proxy by their path, after its own", () => {
    const { endpoints: found, wrong } = parsed({
      ...endpoints({ inventory: { target: 'https://own.harbourline.example' } }),
      proxy: {
        endpoints: {
          '/inventory': 'https://other.harbourline.example',
          '/pager/v2/': {
            target: 'https://pager.harbourline.example/x',
            headers: { Authorization: 'Token hunter22' },
            allowedMethods: ['GET', 'DELETE'],
            allowedHeaders: ['X-Team'],
            pathRewrite: { '^/api/proxy/pager/v2': '/y' },
          },
          '/none': {},
        },
      },
    });
    assert.deepEqual([...found.keys()].toSorted(), ['inventory', 'pager/v2']);
    assert.equal(found.get('inventory')?.target, 'https://own.harbourline.example');
    const { methods, allowedHeaders, rewrites } = found.get('pager/v2') ?? {};
    assert.deepEqual([methods, allowedHeaders], [['GET'], ['x-team']]);
    assert.deepEqual(rewrites, [{ pattern: /^\/api\/proxy\/pager\/v2/, replacement: '/y' }]);
    assert.deepEqual(wrong, ['proxy.endpoints["/none"]']);
  });

  it('has every header as a secret', () => {
    const config = configFrom({
      scaffolder: {
        forms: { endpoints: { a: { target: 'https://a.example', headers: { 'X-A': 'hunter22' } } } },
      },
      proxy: { endpoints: { '/b': { target: 'https://b.example', headers: { 'X-B': 'swordfish' } } } },
    });
    assert.deepEqual(secretValues(config, [scaffolderConfigSchema]).toSorted(), ['hunter22', 'swordfish']);
  });
});
