import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import type { Entity, JsonObject } from '@callboard/model';
import { parse } from 'yaml';
import type { CatalogPort } from '../../catalog-port.ts';
import { actionOf, runAction, type ActionRun } from '../files/action.fixture.ts';
import { createCatalogActions } from './catalog-actions.ts';

function entity(kind: string, name: string): Entity {
  return { apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, namespace: 'default' } };
}

describe('createCatalogActions', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'callboard-catalog-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (id: string, input: JsonObject, port: Partial<CatalogPort> = {}): Promise<ActionRun> => {
    const unused = (): never => assert.fail('it was asked');
    const catalog = { entity: unused, ownershipOf: unused, register: unused, preview: unused, ...port };
    const urls = { resolveUrl: (url: string, base: string) => `${base}${url}` };
    return runAction(actionOf(createCatalogActions({ catalog, urls }), id), {
      input,
      workspacePath: folder,
      templateInfo: { entityRef: 'template:default/svc' },
    });
  };
  const found: Partial<CatalogPort> = {
    entity: (ref) => Promise.resolve(ref === 'group:default/platform' ? entity('Group', 'platform') : null),
  };

  it('catalog:fetch gives one entity or several, with the defaults for their references', async () => {
    const one = await run('catalog:fetch', { entityRef: 'Group:Platform' }, found);
    assert.deepEqual(one.output, { entity: entity('Group', 'platform') });
    const input = { entityRefs: ['platform', 'gone'], defaultKind: 'Group', optional: true };
    const several = await run('catalog:fetch', input, found);
    assert.deepEqual(several.output, { entities: [entity('Group', 'platform'), null] });
    assert.deepEqual((await run('catalog:fetch', { optional: true }, found)).output, {});
  });

  it('catalog:fetch says what is missing', async () => {
    await assert.rejects(run('catalog:fetch', { entityRef: 'group:gone' }, found), {
      code: 'scaffolder/entity-not-found',
      message: /'group:default\/gone'/,
    });
    await assert.rejects(run('catalog:fetch', { entityRef: 'platform' }, found), {
      code: 'scaffolder/invalid-input',
    });
    await assert.rejects(run('catalog:fetch', {}, found), { code: 'scaffolder/invalid-input' });
  });

  it('catalog:register registers the file of a repository and gives its component', async () => {
    const registered: string[] = [];
    const register: CatalogPort['register'] = ({ target }) => {
      registered.push(target);
      return Promise.resolve([
        entity('Location', 'generated-1'),
        entity('API', 'a'),
        entity('Component', 'Shop'),
      ]);
    };
    const input = { repoContentsUrl: 'https://git.test/o/r', catalogInfoPath: './sub/c.yaml' };
    const { output } = await run('catalog:register', input, { register });
    assert.deepEqual(output, {
      entityRef: 'component:default/shop',
      catalogInfoUrl: 'https://git.test/o/r/sub/c.yaml',
    });
    await run('catalog:register', { repoContentsUrl: 'https://git.test/o/r' }, { register });
    await run('catalog:register', { catalogInfoUrl: 'https://git.test/x.yaml' }, { register });
    assert.deepEqual(registered.slice(1), [
      'https://git.test/o/r/catalog-info.yaml',
      'https://git.test/x.yaml',
    ]);
  });

  it('catalog:register previews what could not be read at once', async () => {
    const register = (): Promise<readonly Entity[]> => Promise.resolve([]);
    const preview = (): Promise<readonly Entity[]> => Promise.resolve([entity('API', 'a')]);
    const { output } = await run(
      'catalog:register',
      { catalogInfoUrl: 'https://a.test/' },
      { register, preview },
    );
    assert.equal(output['entityRef'], 'api:default/a');
  });

  it('catalog:register goes on without the file only when that is optional', async () => {
    const gone = new CodedError(404, 'reading/not-found', 'there is nothing');
    const register = (): Promise<never> => Promise.reject(gone);
    const input = { catalogInfoUrl: 'https://a.test/' };
    await assert.rejects(run('catalog:register', input, { register }), gone);
    const { output, log } = await run('catalog:register', { ...input, optional: true }, { register });
    assert.deepEqual(output, { catalogInfoUrl: 'https://a.test/' });
    assert.ok(log.some((line) => line.includes('there is nothing')));
    await assert.rejects(run('catalog:register', { repoContentsUrl: '' }), {
      code: 'scaffolder/invalid-input',
    });
  });

  it('catalog:write writes the entity with the template that it is from', async () => {
    const given = { kind: 'API', metadata: { name: 'a', annotations: { x: 'y' } }, spec: { n: 1 } };
    await run('catalog:write', { entity: given });
    assert.deepEqual(parse(readFileSync(join(folder, 'catalog-info.yaml'), 'utf8')), {
      ...given,
      metadata: {
        name: 'a',
        annotations: { x: 'y', 'backstage.io/source-template': 'template:default/svc' },
      },
    });
    await run('catalog:write', { entity: { kind: 'API' }, filePath: 'sub/c.yaml' });
    assert.match(readFileSync(join(folder, 'sub/c.yaml'), 'utf8'), /source-template: template:default\/svc/);
  });
});
