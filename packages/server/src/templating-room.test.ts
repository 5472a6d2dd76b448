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
    assert.deepEqual([code, out], [0, '3 files: no problems\n']);
  });
});
