import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { ask, component, folderOf } from './commands/callboard.fixture.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CONFIG = `app: { baseUrl: http://127.0.0.1:1 }
backend:
  baseUrl: http://127.0.0.1:1
  database: { client: better-sqlite3, connection: { filename: ./data/portal.sqlite } }
`;
const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: asks }
spec:
  type: service
  steps:
    - { id: look, action: catalog:fetch, input: { entityRef: component:default/yard } }
    - { id: write, action: roadiehq:utils:fs:write, input: { path: a.txt, content: '\${{ steps.look.output.entity.spec.owner }}' } }
`;
const FILES = { 'app-config.yaml': CONFIG, 'template.yaml': TEMPLATE, 'yard.yaml': component('yard') };
const RUN = ['templates', 'run', 'template.yaml', '--out', 'result'];

describe('openTemplating', () => {
  it('has the catalog of the database, which is opened only for who asks for an entity', async () => {
    await using folder = await folderOf(FILES);
    const cwd = folder.path;
    const without = await ask(RUN, { cwd });
    assert.equal(without.code, 1);
    assert.match(without.err, /There is no database at .*portal\.sqlite.*--portal/s);
    const linted = await ask(['templates', 'lint', 'template.yaml'], { cwd });
    assert.equal(linted.code, 0, linted.out);
    assert.deepEqual((await readdir(cwd)).includes('data'), false);

    const imported = await ask(['catalog', 'import', 'yard.yaml'], { cwd });
    assert.equal(imported.code, 0, imported.err);
    const { code, err } = await ask([...RUN.slice(0, -1), 'second'], { cwd });
    assert.equal(code, 0, err);
    assert.match(await readFile(join(cwd, 'second/a.txt'), 'utf8'), /team$/);
    const action = [
      'actions',
      'run',
      'catalog:fetch',
      '--input',
      '{ "entityRef": "component:default/yard" }',
    ];
    const one = await ask(action, { cwd });
    assert.equal(one.code, 0, one.err);
    const registering = [
      'actions',
      'run',
      'catalog:register',
      '--input',
      '{ "catalogInfoUrl": "http://127.0.0.1:1/a.yaml" }',
    ];
    assert.match((await ask(registering, { cwd })).err, /needs a running portal/);
  });

  it('has the catalog of the portal that is named', async () => {
    const entity = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'yard' } };
    const asked: string[] = [];
    const server = createServer(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers.authorization ?? ''}`);
      if (url.endsWith('/yard'))
        response.end(JSON.stringify({ ...entity, spec: { owner: 'group:default/gate' } }));
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
      await using folder = await folderOf({ ...FILES, 'gone.yaml': TEMPLATE.replace('/yard', '/gone') });
      const options = { cwd: folder.path, env: { CALLBOARD_TOKEN: 'tkn' } };
      const { code, err } = await ask([...RUN, '--portal', url], options);
      assert.equal(code, 0, err);
      assert.equal(await readFile(join(folder.path, 'result/a.txt'), 'utf8'), 'group:default/gate');
      assert.deepEqual(asked, ['/api/catalog/entities/by-name/component/default/yard Bearer tkn']);
      const gone = await ask(['templates', 'run', 'gone.yaml', '--out', 'none', '--portal', url], options);
      assert.equal(gone.code, 1);
      assert.match(gone.err, /component:default\/gone/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('has the actions that the example templates name, under the configuration beside them', async () => {
    const { code, out } = await ask(['templates', 'lint', 'examples/catalog/templates', '--strict'], {
      cwd: ROOT,
    });
    assert.deepEqual([code, out], [0, '4 files: no problems\n']);
  });

  it('runs the tests of the example templates and of their forms, which all hold', async () => {
    const { code, out } = await ask(['templates', 'test', 'examples/catalog/templates', '--json'], {
      cwd: ROOT,
    });
    const reports: readonly {
      readonly file: string;
      readonly diagnostics: readonly unknown[];
      readonly cases: readonly { readonly name: string; readonly failures: readonly unknown[] }[];
    }[] = JSON.parse(out);
    const wrong = reports.flatMap(({ diagnostics, cases }) => [
      ...diagnostics,
      ...cases.filter(({ failures }) => failures.length > 0),
    ]);
    assert.deepEqual(wrong, []);
    assert.equal(code, 0);
    assert.deepEqual(reports.map(({ file }) => file.split('/').slice(-2).join('/')).toSorted(), [
      'aws-workload/form.test.yaml',
      'aws-workload/template.test.yaml',
      'golden-image/template.test.yaml',
      'new-service/template.test.yaml',
      'terraform-module/template.test.yaml',
    ]);
  });

  it('holds values to the rules of a form, and says that only a portal asks sources', async () => {
    const form = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: form }
spec:
  type: service
  parameters:
    properties:
      service: { type: string }
      size: { type: string, 'ui:source': { static: [s, m] }, 'ui:default': "'s'" }
      account: { type: string, 'ui:source': { http: { endpoint: inventory, path: /accounts } } }
  steps:
    - { id: write, action: roadiehq:utils:fs:write, input: { path: a.txt, content: '\${{ parameters.size }}' } }
`;
    await using folder = await folderOf({
      'app-config.yaml': CONFIG,
      'template.yaml': form,
      'good.yaml': 'service: shop',
      'bad.yaml': '{ size: xl }',
      'asks.yaml': '{ account: x }',
    });
    const cwd = folder.path;
    const run = (values: string): ReturnType<typeof ask> =>
      ask([...RUN.slice(0, -1), values, '--values', `${values}.yaml`], { cwd });
    const good = await run('good');
    assert.equal(good.code, 0, good.err);
    assert.equal(await readFile(join(cwd, 'good/a.txt'), 'utf8'), 's');
    const bad = await run('bad');
    assert.equal(bad.code, 1);
    assert.match(bad.err, /size is not one of the options/);
    const asks = await run('asks');
    assert.equal(asks.code, 1);
    assert.match(asks.err, /account .*asked by a running portal only/);
  });
});
